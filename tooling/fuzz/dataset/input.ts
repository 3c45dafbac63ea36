/** Inputs of the target: what the bytes are to be taken for, and the bytes. */
import { deflateRawSync } from 'node:zlib';
import { TransferSyntax } from '@dicomwire/dimse/dataset';
import type { ModelEncoding } from './model.ts';

/** What the first byte of an input says. */
export type InputKind = 'explicit' | 'implicit' | 'bigEndian' | 'encapsulated' | 'toDeflate' | 'deflated' | 'part10';

/** By the first byte, which counts modulo their number. */
export const KINDS: readonly InputKind[] = [
  'explicit',
  'implicit',
  'bigEndian',
  'encapsulated',
  'toDeflate',
  'deflated',
  'part10',
];

const SYNTAXES: Readonly<Record<InputKind, string>> = {
  explicit: TransferSyntax.ExplicitVRLittleEndian,
  implicit: TransferSyntax.ImplicitVRLittleEndian,
  bigEndian: TransferSyntax.ExplicitVRBigEndian,
  encapsulated: TransferSyntax.JPEGBaseline8Bit,
  toDeflate: TransferSyntax.DeflatedExplicitVRLittleEndian,
  deflated: TransferSyntax.DeflatedExplicitVRLittleEndian,
  part10: TransferSyntax.ExplicitVRLittleEndian,
};

/** What a decoder gets. */
export interface DecoderInput {
  readonly kind: InputKind;
  /** Of the bytes; for files only a guess. */
  readonly transferSyntax: string;
  readonly bytes: Uint8Array;
}

/** Kind of an input. */
export function kindOf(input: Uint8Array): InputKind {
  return KINDS[(input[0] ?? 0) % KINDS.length] ?? 'explicit';
}

/** Takes an input apart. Bytes that were changed before they are deflated get further than those changed afterwards. */
export function decoderInput(input: Uint8Array): DecoderInput {
  const kind = kindOf(input);
  const body = input.subarray(1);
  const bytes = kind === 'toDeflate' ? new Uint8Array(deflateRawSync(body)) : body;
  return { kind, transferSyntax: SYNTAXES[kind], bytes };
}

/** An input. */
export function inputOf(kind: InputKind, bytes: Uint8Array): Uint8Array {
  const input = new Uint8Array(bytes.length + 1);
  input[0] = KINDS.indexOf(kind);
  input.set(bytes, 1);
  return input;
}

/** How the elements stand in the body of an input. */
export function encodingOfKind(kind: InputKind): ModelEncoding {
  return { isImplicitVr: kind === 'implicit', isBigEndian: kind === 'bigEndian' };
}
