/** What a test run observes of exchanges with peers: facts without times, ports or UIDs of instances, so that the same tests give the same facts. */
import { appendFileSync } from 'node:fs';

/** An operation between us and a peer, as our side's diagnostics channel told it when it was over. */
export interface OperationFact {
  readonly kind: 'operation';
  /** Whether we asked for it or performed it. */
  readonly role: 'invoker' | 'performer';
  /** Whether we requested the association or accepted it. */
  readonly associationRole: 'requestor' | 'acceptor';
  /** `C-FIND`, `N-CREATE`, … */
  readonly operation: string;
  /** SOP class that was negotiated. */
  readonly abstractSyntax: string;
  /** Transfer syntax of the context. */
  readonly transferSyntax: string;
  /** Status of the final response; `null` where there was none. */
  readonly status: number | null;
  /** Whether pending responses came before it. */
  readonly hadPending: boolean;
  /** What the peer calls its implementation (PS3.7 D.3.3.2), `''` where it says nothing. */
  readonly implementation: string;
  /** The peer's AE title. */
  readonly peerTitle: string;
}

/** What a peer said of an operation that it asked us for. */
export interface ToldFact {
  readonly kind: 'told';
  /** Who says so. */
  readonly peer: string;
  readonly operation: string;
  /** `''` where the operation says enough. */
  readonly sopClass: string;
  /** The status that it was answered, in hexadecimal digits, or words of its own. */
  readonly said: string;
}

/** How a program of a peer ended that ran to its end. */
export interface EndFact {
  readonly kind: 'end';
  readonly peer: string;
  readonly program: string;
  readonly exitCode: number | null;
}

/** Any of them. */
export type Fact = OperationFact | ToldFact | EndFact;

/** Names the file that facts are appended to, one line of JSON each; without it nothing is noted. Processes that tests start inherit it. */
export const FACTS_VARIABLE = 'DICOMWIRE_EXCHANGES';

/** Where each test file has its file of facts; one that has run has one, empty or not. */
export const FACTS_DIRECTORY = new URL('../reports/exchanges/', import.meta.url);

/** The recorder, bundled: what our programs are started with. */
export const RECORDER = new URL('../reports/record-exchanges.mjs', import.meta.url);

/** Notes a fact, the first time that this process meets it. */
export function noteFact(fact: Fact): void {
  const path = process.env[FACTS_VARIABLE];
  if (path === undefined) return;
  const line = JSON.stringify(fact);
  const key = `${path}\n${line}`;
  if (noted.has(key)) return;
  noted.add(key);
  appendFileSync(path, `${line}\n`);
}

const noted = new Set<string>();

/** A status as it is written: four hexadecimal digits. */
export function statusInHex(status: number): string {
  return status.toString(16).toUpperCase().padStart(4, '0');
}
