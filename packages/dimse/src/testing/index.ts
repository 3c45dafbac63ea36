/** Associations in memory, with time that stands still until told to go on: for the tests of those who build on messages and services. */
export { type Clock, MemoryTransport, ScriptedPeer, settle, type Timer, VirtualClock } from '@dicomwire/ul/testing';
