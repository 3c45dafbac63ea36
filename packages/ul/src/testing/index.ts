export type { Clock, Timer } from '../types.js';
export { MemoryTransport } from './memory-transport.js';
export { ScriptedPeer } from './scripted-peer.js';
export { settle, VirtualClock } from './virtual-clock.js';
