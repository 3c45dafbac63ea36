/** Checks a policy that comes from a configuration file, and says in words what is wrong with it. */
import { AssociationError } from '../errors.js';
import { parseHost } from './peer-rules.js';
import type { AcceptancePolicy } from './policy.js';

/** One thing that is wrong with a policy. */
export interface PolicyProblem {
  /** Where: `presentationContexts[2].transferSyntaxes[0]`; empty for the policy itself. */
  readonly path: string;
  /** What belongs there, in words. */
  readonly expected: string;
  /** What is there, shortened. */
  readonly received: string;
}

/** A policy that can't be used; its message names every problem. */
export class InvalidPolicyError extends AssociationError {
  declare readonly code: 'invalid-option';
  readonly problems: readonly PolicyProblem[];

  constructor(problems: readonly PolicyProblem[]) {
    const words = problems.map(
      ({ path, expected, received }) => `${path || 'policy'}: expected ${expected}, got ${received}`,
    );
    super('invalid-option', `the policy is not valid\n  ${words.join('\n  ')}`);
    this.problems = problems;
  }
}

/**
 * A policy out of anything: parsed JSON, or an object with functions where a policy may have them.
 *
 * @returns the same value
 * @throws {@link InvalidPolicyError} that names each problem by its path
 *
 * @example
 * ```ts
 * import { InvalidPolicyError, validatePolicy } from '@dicomwire/ul';
 *
 * const file = '{ "calledAeTitles": "ARCHIVE", "presentationContexts": [{ "abstractSyntax": "1.2.840.10008.1.1" }] }';
 * try {
 *   validatePolicy(JSON.parse(file));
 * } catch (error) {
 *   if (!(error instanceof InvalidPolicyError)) throw error;
 *   for (const { path, expected } of error.problems) console.log(`${path}: ${expected}`);
 *   // calledAeTitles: a list
 *   // presentationContexts[0].transferSyntaxes: 'any', a list of transfer syntax UIDs, or a function
 * }
 * ```
 */
export function validatePolicy(value: unknown): AcceptancePolicy {
  const problems: PolicyProblem[] = [];
  if (isPolicy(value, problems)) return value;
  throw new InvalidPolicyError(problems);
}

type Check = (value: unknown, path: string, problems: PolicyProblem[]) => void;

function isPolicy(value: unknown, problems: PolicyProblem[]): value is AcceptancePolicy {
  policy(value, '', problems);
  return problems.length === 0;
}

function matching(expected: string, isValid: (value: unknown) => boolean): Check {
  return (value, path, problems) => {
    if (!isValid(value)) problems.push({ path, expected, received: shown(value) });
  };
}

function list(item: Check): Check {
  return (value, path, problems) => {
    if (!Array.isArray(value)) {
      problems.push({ path, expected: 'a list', received: shown(value) });
      return;
    }
    for (const [index, one] of value.entries()) item(one, `${path}[${index}]`, problems);
  };
}

/** Names with a `?` may be absent. */
function record(members: Readonly<Record<string, Check>>): Check {
  const names = Object.keys(members).map((name) => name.replace('?', ''));
  return (value, path, problems) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      problems.push({ path, expected: `an object with ${names.join(', ')}`, received: shown(value) });
      return;
    }
    const there = new Map<string, unknown>(Object.entries(value));
    for (const [key, check] of Object.entries(members)) {
      const name = key.replace('?', '');
      const member = there.get(name);
      there.delete(name);
      if (member !== undefined || !key.endsWith('?')) check(member, joined(path, name), problems);
    }
    for (const [name, member] of there) {
      if (member === undefined) continue;
      problems.push({
        path: joined(path, name),
        expected: `no such member (${names.join(', ')})`,
        received: shown(member),
      });
    }
  };
}

function orFunction(check: Check): Check {
  return (value, path, problems) => {
    if (typeof value !== 'function') check(value, path, problems);
  };
}

function joined(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'function') return 'a function';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

const uidPattern = /^(?=.{1,64}$)\d+(\.\d+)*$/;
const uid = matching(
  'a UID: digits and dots, 64 at most',
  (value) => typeof value === 'string' && uidPattern.test(value),
);
const aeTitle = matching(
  'an AE title: up to 16 ASCII characters, no backslash',
  (value) => typeof value === 'string' && /^[\x20-\x5b\x5d-\x7e]{0,16}$/.test(value),
);
const boolean = matching('true or false', (value) => typeof value === 'boolean');
const windowSize = matching(
  'a whole number from 0 (unlimited) to 65535',
  (value) => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xffff,
);
const aFunction = matching('a function', (value) => typeof value === 'function');
const transferSyntaxes: Check = (value, path, problems) => {
  if (value === 'any' || typeof value === 'function') return;
  if (Array.isArray(value)) list(uid)(value, path, problems);
  else {
    const expected = "'any', a list of transfer syntax UIDs, or a function";
    problems.push({ path, expected, received: shown(value) });
  }
};
const host = matching(
  'an IP address, or a network such as 10.0.0.0/8',
  (value) => typeof value === 'string' && parseHost(value) !== undefined,
);
const fingerprint = matching(
  'a SHA-256 fingerprint: 64 hexadecimal digits, colons or not',
  (value) => typeof value === 'string' && /^[0-9a-f]{64}$/i.test(value.replaceAll(':', '')),
);

const policy = record({
  'calledAeTitles?': list(aeTitle),
  'callingAeTitles?': list(aeTitle),
  'peers?': list(
    record({
      'callingAeTitles?': list(aeTitle),
      'calledAeTitles?': list(aeTitle),
      'hosts?': list(host),
      'certificateFingerprints?': list(fingerprint),
    }),
  ),
  presentationContexts: list(record({ abstractSyntax: uid, transferSyntaxes })),
  'otherAbstractSyntax?': aFunction,
  'transferSyntaxPreference?': matching(
    "'acceptor' or 'requestor'",
    (value) => value === 'acceptor' || value === 'requestor',
  ),
  'roleSelection?': orFunction(list(record({ sopClassUid: uid, scuRole: boolean, scpRole: boolean }))),
  'asynchronousOperationsWindow?': orFunction(
    record({ maximumOperationsInvoked: windowSize, maximumOperationsPerformed: windowSize }),
  ),
  'sopClassExtendedNegotiation?': orFunction(
    list(
      record({
        sopClassUid: uid,
        information: matching(
          'bytes as hexadecimal digits, two each',
          (value) => typeof value === 'string' && /^([0-9a-f]{2})*$/i.test(value),
        ),
        'answer?': matching("'minimum' or 'own'", (value) => value === 'minimum' || value === 'own'),
      }),
    ),
  ),
  'maximumLength?': matching(
    '0 (unlimited), or a number of bytes from 8 to 4294967295',
    (value) =>
      typeof value === 'number' && Number.isInteger(value) && (value === 0 || (value >= 8 && value <= 0xffffffff)),
  ),
  'implementationClassUid?': uid,
  'implementationVersionName?': matching(
    '1 to 16 ASCII characters',
    (value) => typeof value === 'string' && /^[\x20-\x7e]{1,16}$/.test(value),
  ),
});
