/** What the facts of a run say of each service, role and peer. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { EndFact, Fact, OperationFact, ToldFact } from './fact.ts';
import type { Role } from './offers.ts';
import { type Peer, type ServiceKey, serviceOfOperation } from './services.ts';

/** An operation of a service, between us in a role and a program of a peer. */
export interface Observed {
  readonly service: ServiceKey;
  /** Ours. */
  readonly role: Role;
  readonly peer: Peer;
  readonly program: string;
  readonly operation: string;
  readonly sopClass: string;
  readonly transferSyntax: string;
  readonly status: number;
  readonly hadPending: boolean;
  /** Whether we asked and the peer answered, or the other way round. */
  readonly isAskedByUs: boolean;
  /** The test file that ran it. */
  readonly test: string;
}

/** What peers said of operations that we performed. */
export interface PeerWord {
  readonly test: string;
  readonly fact: EndFact | ToldFact;
}

/** All of a run. */
export interface Run {
  readonly observed: readonly Observed[];
  readonly words: readonly PeerWord[];
  /** Implementation version names of peers that are none of ours, nor known. */
  readonly unknownImplementations: readonly string[];
}

/**
 * Reads the facts of every test file of the last run, but for those that run over real files (`readCorpus`): not everybody has them, and the document is to
 * be the same everywhere.
 */
export function readRun(directory: string): Run {
  const names = readdirSync(directory).filter((name) => name.endsWith('.jsonl') && !runsOverRealFiles(name));
  const facts = names.flatMap((name) =>
    readFileSync(join(directory, name), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line): { test: string; fact: Fact } => ({ test: basename(name, '.jsonl'), fact: JSON.parse(line) })),
  );
  const operations = facts.flatMap(({ test, fact }) => (fact.kind === 'operation' ? [{ test, fact }] : []));
  return {
    observed: operations.flatMap(({ test, fact }) => observedIn(fact, test)),
    words: facts.flatMap(({ test, fact }) => (fact.kind === 'operation' ? [] : [{ test, fact }])),
    unknownImplementations: operations
      .map(({ fact }) => fact)
      .filter((fact) => !isOurs(fact) && peerOf(fact) === undefined)
      .map(({ implementation, peerTitle }) => `${implementation} (${peerTitle})`),
  };
}

function runsOverRealFiles(name: string): boolean {
  const source = new URL(`../${basename(name, '.jsonl')}.test.ts`, import.meta.url);
  return existsSync(source) && readFileSync(source, 'utf8').includes('readCorpus');
}

function observedIn(fact: OperationFact, test: string): Observed[] {
  const { operation, abstractSyntax: sopClass, transferSyntax, status, hadPending } = fact;
  const isAgainstAssociation = (fact.role === 'invoker') === (fact.associationRole === 'acceptor');
  const service = serviceOfOperation(operation, sopClass, isAgainstAssociation);
  const peer = peerOf(fact);
  if (service === undefined || peer === undefined || status === null) return [];
  const program = programOf(peer, fact.peerTitle);
  const role = roleOf(fact, operation === 'C-STORE' && isAgainstAssociation);
  const isAskedByUs = fact.role === 'invoker';
  return [{ service, role, peer, program, operation, sopClass, transferSyntax, status, hadPending, isAskedByUs, test }];
}

/** Who asks is the user, but for events, which providers report, and for the C-STOREs of a C-GET, which its provider sends. */
function roleOf({ role, operation }: OperationFact, isSuboperation: boolean): Role {
  const isUser = operation === 'N-EVENT-REPORT' || isSuboperation ? role === 'performer' : role === 'invoker';
  return isUser ? 'SCU' : 'SCP';
}

function isOurs({ implementation }: OperationFact): boolean {
  return implementation.startsWith('DICOMWIRE');
}

/** Orthanc's network layer is DCMTK's, and says so: it is told apart by its AE title. */
function peerOf({ implementation, peerTitle }: OperationFact): Peer | undefined {
  if (peerTitle === 'ORTHANC') return 'Orthanc';
  const prefixes: readonly (readonly [string, Peer])[] = [
    ['OFFIS_DCMTK', 'DCMTK'],
    ['PYNETDICOM', 'pynetdicom'],
    ['DCMJS', 'dcmjs-dimse'],
  ];
  return prefixes.find(([prefix]) => implementation.toUpperCase().startsWith(prefix))?.[1];
}

/** Programs of peers by the AE titles that they have of themselves, or that tests give them. */
function programOf(peer: Peer, title: string): string {
  if (peer === 'Orthanc') return 'Orthanc';
  return PROGRAMS[peer][title] ?? (CLIENTS.includes(title) ? title.toLowerCase() : title);
}

const CLIENTS = ['ECHOSCU', 'STORESCU', 'FINDSCU', 'GETSCU', 'MOVESCU', 'DCMSEND'];

const PROGRAMS: Readonly<Record<Exclude<Peer, 'Orthanc'>, Readonly<Record<string, string>>>> = {
  DCMTK: {
    STORESCP: 'storescp',
    DCMRECV: 'dcmrecv',
    QRSCP: 'dcmqrscp',
    WLMSCPFS: 'wlmscpfs',
    PRINTER: 'dcmprscp',
    SPOOLER: 'dcmprscu',
    PEER: 'storescp, dcmrecv',
    DEST: 'storescp',
  },
  pynetdicom: {
    STORESCP: 'storescp',
    QRSCP: 'qrscp',
    N_SCU: 'n-scu.py',
    N_SCP: 'n-scp.py',
    C_SCU: 'c-scu.py',
    C_SCP: 'c-scp.py',
    LINE_SCU: 'line-scu.py',
    LINE_SCP: 'line-scp.py',
    PEER: 'line-scp.py',
  },
  'dcmjs-dimse': { DCMJS_SCU: 'dcmjs-scu.ts', DCMJS_SCP: 'dcmjs-scp.ts' },
};
