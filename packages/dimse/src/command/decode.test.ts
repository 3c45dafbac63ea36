import { describe, expect, it } from 'vitest';
import { DimseError } from '../errors.js';
import { decodeCommandSet } from './decode.js';
import { encodeCommandSet } from './encode.js';
import type { CommandSet } from './types.js';

describe('reading what peers send', () => {
  const readable: readonly (readonly [string, Uint8Array, Partial<CommandSet>])[] = [
    ['without a group length', echo().subarray(12), {}],
    ['with a wrong group length', concat(element(0x0000, '\x01\x00\x00\x00'), echo().subarray(12)), {}],
    ['with a group length of two bytes', concat(element(0x0000, '\x38\x00'), echo().subarray(12)), {}],
    [
      'with private and unknown elements',
      concat(echo(), element(0x00005555, 'x'), element(0x00091010, 'abc')),
      {
        unknownElements: [
          { tag: 0x00005555, value: new Uint8Array(Buffer.from('x')) },
          { tag: 0x00091010, value: new Uint8Array(Buffer.from('abc')) },
        ],
      },
    ],
    ['with elements out of order', concat(echo().subarray(12 + 26), echo().subarray(12, 12 + 26)), {}],
    ['with a UID of odd length', commandOf({ 2: '1.2.840.10008.1.1' }), {}],
    ['with a UID padded by a space', commandOf({ 2: '1.2.840.10008.1.1 ' }), {}],
    ['with a UID padded by NULs', commandOf({ 2: '1.2.840.10008.1.1\0\0\0' }), {}],
    ['padded to even length as a whole', concat(commandOf({ 2: '1.2.840.10008.1.1' }), new Uint8Array(1)), {}],
    ['with a message ID of four bytes', commandOf({ 272: '\x07\0\0\0' }), {}],
    ['with data set type 0', commandOf({ 2048: '\0\0' }), { hasDataSet: true }],
    ['with data set type 0102H', commandOf({ 2048: '\x02\x01' }), { hasDataSet: true }],
    ['with data set type FFFFH', commandOf({ 2048: '\xff\xff' }), { hasDataSet: true }],
    ['with an empty data set type', commandOf({ 2048: '' }), {}],
    ['with a UID that is none', commandOf({ 2: '../../etc/passwd' }), { affectedSopClassUid: '../../etc/passwd' }],
    ['with a UID over 64 characters', commandOf({ 2: '1'.repeat(80) }), { affectedSopClassUid: '1'.repeat(80) }],
  ];

  it.each(readable)('reads a command set %s', (_name, bytes, differences) => {
    expect(decodeCommandSet(bytes)).toEqual({
      type: 'C-ECHO-RQ',
      hasDataSet: false,
      messageId: 7,
      affectedSopClassUid: '1.2.840.10008.1.1',
      ...differences,
    });
  });

  it('takes a C-STORE-RQ that does not say whether a data set follows to have one', () => {
    const bytes = encodeCommandSet({
      type: 'C-STORE-RQ',
      hasDataSet: true,
      messageId: 1,
      affectedSopClassUid: '1.2',
      affectedSopInstanceUid: '1.3',
    });
    const at = Buffer.from(bytes).indexOf(Buffer.from('00000008', 'hex'));
    const cut = concat(bytes.subarray(0, at), bytes.subarray(at + 10));
    expect(decodeCommandSet(cut).hasDataSet).toBe(true);
  });

  it('decodes a command field that the standard does not define, and writes it again', () => {
    const bytes = commandOf({ 256: '\x34\x12' });
    const command = decodeCommandSet(bytes);
    expect(command).toEqual({
      type: 'unknown',
      commandField: 0x1234,
      hasDataSet: false,
      messageId: 7,
      affectedSopClassUid: '1.2.840.10008.1.1',
    });
    expect(decodeCommandSet(encodeCommandSet(command))).toEqual(command);
  });

  it('writes the elements that it does not know again', () => {
    const command = decodeCommandSet(concat(echo(), element(0x00091010, 'abcd')));
    expect(decodeCommandSet(encodeCommandSet(command))).toEqual(command);
  });

  it('names the elements that are missing and says what is there', () => {
    const error = thrownBy(() => decodeCommandSet(commandOf({ 2: '' })));
    expect(error.code).toBe('missing-element');
    expect(error.message).toContain('C-ECHO-RQ without affectedSopClassUid');
    expect(error.received).toMatchObject({ commandField: 0x0030, messageId: 7, hasDataSet: false });
  });

  it('takes a response without a status for incomplete', () => {
    const bytes = encodeCommandSet({ type: 'C-ECHO-RSP', hasDataSet: false, messageIdBeingRespondedTo: 1, status: 0 });
    const at = Buffer.from(bytes).indexOf(Buffer.from('00000009', 'hex'));
    expect(thrownBy(() => decodeCommandSet(bytes.subarray(0, at))).code).toBe('missing-element');
  });

  const unreadable: readonly (readonly [string, Uint8Array])[] = [
    ['nothing at all', new Uint8Array(0)],
    ['a length beyond the end', concat(echo(), Uint8Array.of(0, 0, 2, 0, 0xff, 0xff, 0, 0))],
    ['an undefined length', concat(echo(), Uint8Array.of(0, 0, 2, 0, 0xff, 0xff, 0xff, 0xff))],
    ['half an element header', concat(echo(), Uint8Array.of(0, 0, 2, 0))],
    ['no command field', commandOf({ 256: '' })],
    ['text', Buffer.from('GET / HTTP/1.1\r\nHost: pacs\r\n\r\n')],
  ];

  it.each(unreadable)('refuses %s', (_name, bytes) => {
    expect(thrownBy(() => decodeCommandSet(bytes)).code).toBe('malformed-command');
  });

  it('keeps nothing of the bytes that it decoded', () => {
    const bytes = new Uint8Array([...echo(), ...element(0x00091001, 'abcd')]);
    const command = decodeCommandSet(bytes);
    bytes.fill(0xff);
    expect(command.unknownElements).toEqual([{ tag: 0x00091001, value: new Uint8Array(Buffer.from('abcd')) }]);
  });
});

function echo(): Uint8Array {
  return commandOf({});
}

/** A C-ECHO-RQ with values, by element number, in place of its own; those that are empty stay as empty elements. */
function commandOf(values: Readonly<Record<number, string>>): Uint8Array {
  const all: Record<number, string> = {
    2: '1.2.840.10008.1.1\0',
    256: '\x30\0',
    272: '\x07\0',
    2048: '\x01\x01',
    ...values,
  };
  const elements = concat(...Object.entries(all).map(([tag, value]) => element(Number(tag), value)));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(elements.length);
  return concat(element(0x0000, length.toString('latin1')), elements);
}

function element(tag: number, value: string): Uint8Array {
  const header = Buffer.alloc(8);
  header.writeUInt16LE(tag >>> 16, 0);
  header.writeUInt16LE(tag & 0xffff, 2);
  header.writeUInt32LE(value.length, 4);
  return Buffer.concat([header, Buffer.from(value, 'latin1')]);
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}

function thrownOrUndefined(action: () => unknown): unknown {
  try {
    action();
    return undefined;
  } catch (error) {
    return error;
  }
}

function thrownBy(action: () => unknown): DimseError {
  const error = thrownOrUndefined(action);
  if (error instanceof DimseError) return error;
  throw new Error('No DimseError was thrown', { cause: error });
}
