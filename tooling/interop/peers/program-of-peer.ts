/** Which peer a command line is of. */
import { basename } from 'node:path';

/** A program of a peer, by the peer's name. */
export interface PeerProgram {
  readonly peer: 'DCMTK' | 'pynetdicom' | 'dcmjs-dimse';
  readonly program: string;
}

/** The program of a peer that a command starts; `undefined` for one that speaks no DICOM with us. */
export function programOfPeer(command: string, args: readonly string[]): PeerProgram | undefined {
  const name = basename(command);
  if (DCMTK_CLIENTS.has(name)) return { peer: 'DCMTK', program: name };
  const script = args.find((each) => each.endsWith('.py') || /dcmjs-[a-z]+\.ts$/.test(each));
  if (script !== undefined) {
    return { peer: script.endsWith('.py') ? 'pynetdicom' : 'dcmjs-dimse', program: basename(script) };
  }
  const application = args.find((each) => PYNETDICOM_CLIENTS.has(each));
  return name.startsWith('python') && application !== undefined
    ? { peer: 'pynetdicom', program: application }
    : undefined;
}

const DCMTK_CLIENTS = new Set(['echoscu', 'storescu', 'dcmsend', 'findscu', 'getscu', 'movescu', 'dcmprscu']);
const PYNETDICOM_CLIENTS = new Set(['echoscu', 'storescu', 'findscu', 'getscu', 'movescu']);
