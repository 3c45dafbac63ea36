import type { FieldKind } from './cursor.js';
import { latin1, unpaddedEnd } from './text.js';

/** The name of a UID, when it has one. */
export type NameUid = (uid: string) => string | undefined;

/** Values in words, from 0, empty where a value has no meaning: by PDU or item and field, reasons by their source as well. */
const WORDS: Readonly<Record<string, string>> = {
  'A-ASSOCIATE-RQ/protocolVersion': '|version 1',
  'A-ASSOCIATE-AC/protocolVersion': '|version 1',
  // PS3.8 Table 9-21.
  'A-ASSOCIATE-RJ/result': '|rejected permanent|rejected transient',
  'A-ASSOCIATE-RJ/source': '|service user|service provider (ACSE)|service provider (presentation)',
  'A-ASSOCIATE-RJ/reason1':
    '|no reason given|application context name not supported|calling AE title not recognized||||called AE title not recognized',
  'A-ASSOCIATE-RJ/reason2': '|no reason given|protocol version not supported',
  'A-ASSOCIATE-RJ/reason3': '|temporary congestion|local limit exceeded',
  // PS3.8 Table 9-26.
  'A-ABORT/source': 'service user||service provider',
  'A-ABORT/reason2':
    'not specified|unrecognized PDU|unexpected PDU||unrecognized PDU parameter|unexpected PDU parameter|invalid PDU parameter value',
  // PS3.8 Table 9-18.
  'presentationContext/result':
    'acceptance|user rejection|no reason (provider rejection)|abstract syntax not supported|transfer syntaxes not supported',
  'presentationDataValue/messageControlHeader': 'data set|command|data set, last fragment|command, last fragment',
  'maximumLength/value': 'unlimited',
  'asynchronousOperationsWindow/maximumOperationsInvoked': 'unlimited',
  'asynchronousOperationsWindow/maximumOperationsPerformed': 'unlimited',
  'roleSelection/scuRole': 'no|yes',
  'roleSelection/scpRole': 'no|yes',
  'userIdentity/userIdentityType':
    '|username|username and passcode|Kerberos service ticket|SAML assertion|JSON web token',
  'userIdentity/positiveResponseRequested': 'no|yes',
};

/** Bytes `start` to `end` in words: `field` of the PDU or item called `scope`. Printable, whatever the bytes are. */
export function meaningOf(
  bytes: Uint8Array,
  start: number,
  end: number,
  kind: FieldKind | undefined,
  scope: string,
  field: string,
  nameUid: NameUid | undefined,
): string {
  if (kind === 'text') return `"${printable(latin1(bytes, start, end))}"`;
  if (kind === 'uid') {
    const uid = latin1(bytes, start, unpaddedEnd(bytes, start, end));
    const name = nameUid?.(uid);
    return printable(uid) + (name === undefined ? '' : ` (${name})`);
  }
  if (field === 'reserved') return '';
  if (kind === undefined) return end - start === 1 ? '1 byte' : `${end - start} bytes`;
  const value = bytes.subarray(start, end).reduce((sum, byte) => sum * 256 + byte, 0);
  if (/^(pdu|item)Type$/.test(field)) return `${value.toString(16).padStart(2, '0').toUpperCase()}H`;
  // What a reason means depends on the source, which is the byte before it.
  const key = `${scope}/${field}${field === 'reason' ? bytes[start - 1] : ''}`;
  const words = WORDS[key]?.split('|')[value];
  return words ? `${words} (${value})` : `${value}`;
}

/** With escapes in place of control characters, at which terminals and logs might do something. */
function printable(text: string): string {
  return text.replace(/[^ -~\xa0-\xff]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
