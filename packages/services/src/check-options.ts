/**
 * What can't work is refused when a provider is made, rather than found out when the first peer calls.
 */
import { isValidUid } from '@dicomwire/dimse/dataset';
import { isAeTitle } from './ae-title.js';
import type { ScpOptions } from './scp-options.js';
import type { Service } from './service.js';
import { ServiceError } from './service-error.js';

/** @throws ServiceError `invalid-option` that says which option, and why. */
export function checkScpOptions(options: ScpOptions): void {
  const { aeTitle, services, allowedCallingAeTitles } = options;
  checkAeTitle(aeTitle, 'aeTitle');
  if (services.length === 0) throw invalid('An SCP needs at least one service');
  for (const service of services) checkService(service);
  for (const each of allowedCallingAeTitles ?? []) checkAeTitle(each, 'allowedCallingAeTitles');
  if (allowedCallingAeTitles?.length === 0) {
    throw invalid('allowedCallingAeTitles is empty: nobody could call; leave it out to let everybody in');
  }
  checkNumber(options, 'maximumAssociations', 1);
  for (const name of ['maximumLength', 'maximumOperations', ...times] as const) checkNumber(options, name, 0);
}

const times = ['associationTimeoutMs', 'messageTimeoutMs', 'idleTimeoutMs', 'writeTimeoutMs'] as const;

/** @throws ServiceError `invalid-option` when a service was given no function where it needs one. */
export function checkFunction(service: string, option: string, value: unknown): void {
  if (typeof value !== 'function') throw invalid(`The service ${service} needs ${option}, which is a function`);
}

function checkService(service: Service): void {
  const { name, requests, sopClasses, acceptsAnySopClass = false, invokes = [] } = service;
  const refuse = (why: string) => invalid(`The service ${name} ${why}`);
  // One that performs nothing may be there for what it asks of the peer.
  const isUser = invokes.length > 0;
  if (requests.length === 0 && !isUser) throw refuse('performs no request');
  if (sopClasses.length === 0 && !acceptsAnySopClass && !isUser) throw refuse('performs no SOP class');
  for (const uid of [...sopClasses, ...invokes]) {
    if (!isValidUid(uid)) throw refuse(`names the SOP class ${JSON.stringify(uid)}, which is no UID`);
  }
  if (new Set(sopClasses).size < sopClasses.length) throw refuse('names a SOP class twice');
  const choices: readonly [string, readonly string[] | 'any' | undefined][] = [
    ['transferSyntaxes', service.transferSyntaxes],
    ['invokesTransferSyntaxes', service.invokesTransferSyntaxes],
    ...Object.entries(service.transferSyntaxesBySopClass ?? {}),
  ];
  for (const [where, choice] of choices) {
    if (choice === undefined || choice === 'any') continue;
    if (choice.length === 0) throw refuse(`takes no transfer syntax (${where} is empty)`);
    const wrong = choice.find((uid) => !isValidUid(uid));
    if (wrong !== undefined) throw refuse(`names the transfer syntax ${JSON.stringify(wrong)}, which is no UID`);
  }
}

function checkAeTitle(aeTitle: string, option: string): void {
  if (isAeTitle(aeTitle)) return;
  const rule = 'An AE title has 1 to 16 printable ASCII characters, no backslash, not only spaces';
  throw invalid(`${rule}; ${option} has ${JSON.stringify(aeTitle)}`);
}

function checkNumber(options: ScpOptions, name: NumericOption, least: number): void {
  const value = options[name];
  if (value === undefined || (Number.isInteger(value) && value >= least)) return;
  throw invalid(`${name} is a whole number, ${least} or more, not ${value}`);
}

type NumericOption = 'maximumAssociations' | 'maximumLength' | 'maximumOperations' | (typeof times)[number];

function invalid(message: string): ServiceError {
  return new ServiceError('invalid-option', message);
}
