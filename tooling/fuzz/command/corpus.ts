/** What mutation of command sets begins with: every message of PS3.7 9.3 and 10.3, with all elements of the group. */
import { MESSAGES } from '@dicomwire/dimse';
import { encodeModel, type ModelElement } from '../dataset/model.ts';

/** Command sets, valid ones. */
export function readCorpus(): readonly Uint8Array[] {
  return Object.values(MESSAGES).map(({ commandField }) => {
    const elements = elementsOf(commandField).map(
      ([tag, bytes]): ModelElement => ({ tag, vr: 'UN', value: { bytes } }),
    );
    const group = encodeModel(elements, implicit);
    const groupLength = new Uint8Array(new Uint32Array([group.length]).buffer);
    const head = encodeModel([{ tag: 0x00000000, vr: 'UL', value: { bytes: groupLength } }], implicit);
    return new Uint8Array(Buffer.concat([head, group]));
  });
}

const implicit = { isImplicitVr: true, isBigEndian: false } as const;

function elementsOf(commandField: number): [tag: number, bytes: Uint8Array][] {
  return [
    [0x00000002, text('1.2.840.10008.5.1.4.1.1.7\0')],
    [0x00000003, text('1.2.840.10008.5.1.4.1.1.7\0')],
    [0x00000100, number(commandField)],
    [0x00000110, number(7)],
    [0x00000120, number(7)],
    [0x00000600, text('ARCHIVE ')],
    [0x00000700, number(1)],
    [0x00000800, number(0x0101)],
    [0x00000900, number(0)],
    [0x00000901, Uint8Array.of(0x10, 0, 0x20, 0, 0xe0, 0x7f, 0x10, 0)],
    [0x00000902, text('out of resources')],
    [0x00000903, number(42)],
    [0x00001000, text('1.2.3.4\0')],
    [0x00001001, text('1.2.3.4\0')],
    [0x00001002, number(1)],
    [0x00001005, Uint8Array.of(0x10, 0, 0x10, 0)],
    [0x00001008, number(2)],
    [0x00001020, number(3)],
    [0x00001021, number(4)],
    [0x00001022, number(5)],
    [0x00001023, number(6)],
    [0x00001030, text('CT1 ')],
    [0x00001031, number(9)],
    [0x00091001, text('private ')],
  ];
}

function number(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, value >> 8);
}

function text(value: string): Uint8Array {
  return new Uint8Array(Buffer.from(value, 'latin1'));
}
