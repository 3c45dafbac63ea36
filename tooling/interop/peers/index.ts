/** Real peers, ours included, as processes. */
export { orthancProgram, type PeerName, PYDICOM_FILES, whatIsMissing } from './availability.ts';
export { startDcmqrscp, startDcmrecv, startStorescp } from './dcmtk.ts';
export { DEMO_SCP_PROGRAM, DICOMWIRE_PROGRAM, runDicomwire, startDemoScp } from './dicomwire.ts';
export { startOrthanc } from './orthanc.ts';
export { freePort } from './port.ts';
export { type ProcessEnd, run, start, untilReady } from './process.ts';
export { pynetdicomArguments, pynetdicomPython, startPynetdicomStorescp } from './pynetdicom.ts';
export { part10FilesBelow, type StoragePeer } from './storage-peer.ts';
export { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.ts';
