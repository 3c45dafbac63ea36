/** Values of TypeScript to the bytes of a value field, by VR. PS3.5 6.2. */
import { swapped } from './byte-order.js';
import { encodeLatin1 } from './charset/latin-1.js';
import { delimitersOf, type TextCodec } from './charset/text-codec.js';
import type { Unencodable } from './charset/unencodable.js';
import { DataSetError } from './errors.js';
import type { PlainValue } from './plain-value.js';
import { formatDecimal } from './values/format-decimal.js';
import { type Vr, vrTraits } from './vr.js';

/**
 * Encodes values into a value field of even length.
 *
 * @throws DataSetError `invalid-value` for what doesn't fit the VR, `unsupported-character-set`.
 */
export function encodeValues(
  vr: Vr,
  values: readonly PlainValue[],
  isBigEndian: boolean,
  codec: TextCodec,
  unencodable: Unencodable = 'error',
): Uint8Array {
  const traits = vrTraits[vr];
  switch (traits.kind) {
    case 'text': {
      const [first] = values;
      const isOne = values.length === 1 && first !== undefined;
      const text = isOne ? textOf(vr, first) : values.map((value) => textOf(vr, value)).join('\\');
      const bytes = traits.usesCharacterSet
        ? codec.encode(text, delimitersOf(vr), unencodable)
        : encodeLatin1(text, unencodable);
      return padded(bytes, traits.padding);
    }
    case 'number':
    case 'bigint':
    case 'tag':
      return encodeNumbers(vr, values, isBigEndian);
    case 'binary':
    case 'sequence':
      return padded(isBigEndian ? swapped(vr, bytesOf(vr, values)) : bytesOf(vr, values), 0);
  }
}

/** The bytes with one more if their number is odd. */
export function padded(bytes: Uint8Array, padding: number): Uint8Array {
  if (bytes.length % 2 === 0) return bytes;
  const even = new Uint8Array(bytes.length + 1);
  even.set(bytes);
  even[bytes.length] = padding;
  return even;
}

function textOf(vr: Vr, value: PlainValue): string {
  if (typeof value === 'string') {
    // Components with leading zeros are wrong and yet in use; a query for such a UID must be possible, and keys of queries may be
    // patterns (PS3.4 C.2.2.2).
    if (vr === 'UI' && !/^[0-9.\\*?"]*$/.test(value)) throw unfit(vr, value);
    return value;
  }
  if (typeof value !== 'number') throw unfit(vr, value);
  if (Number.isNaN(value) && (vr === 'DS' || vr === 'IS')) return '';
  if (vr === 'DS' && Number.isFinite(value)) return formatDecimal(value);
  if (vr === 'IS' && Number.isInteger(value) && Math.abs(value) <= 0x8000_0000) return String(value);
  throw unfit(vr, value);
}

function bytesOf(vr: Vr, values: readonly PlainValue[]): Uint8Array {
  const [value] = values;
  if (value === undefined) return new Uint8Array(0);
  if (!(value instanceof Uint8Array) || values.length > 1) throw unfit(vr, value);
  return value;
}

function encodeNumbers(vr: Vr, values: readonly PlainValue[], isBigEndian: boolean): Uint8Array {
  // Numbers may come as the bytes of the value field, little endian.
  const [first] = values;
  if (first instanceof Uint8Array) return isBigEndian ? swapped(vr, first) : first;
  const width = vr === 'AT' ? 4 : vrTraits[vr].unitBytes;
  const bytes = new Uint8Array(values.length * width);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < values.length; index++)
    writeNumber(vr, view, index * width, values[index]!, !isBigEndian);
  return bytes;
}

const ranges: Partial<Record<Vr, readonly [number, number]>> = {
  US: [0, 0xffff],
  SS: [-0x8000, 0x7fff],
  UL: [0, 0xffff_ffff],
  SL: [-0x8000_0000, 0x7fff_ffff],
  AT: [0, 0xffff_ffff],
};

function writeNumber(vr: Vr, view: DataView, at: number, value: PlainValue, isLittle: boolean): void {
  if (vr === 'SV' || vr === 'UV') {
    view.setBigUint64(at, bigBits(vr, value), isLittle);
    return;
  }
  if (typeof value !== 'number') throw unfit(vr, value);
  const [lowest, highest] = ranges[vr] ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  if (ranges[vr] !== undefined && !Number.isInteger(value)) throw unfit(vr, value);
  if (value < lowest || value > highest) throw unfit(vr, value);
  // Two's complement: setting the unsigned form of a negative number gives the signed one's bytes.
  switch (vr) {
    case 'FL':
      view.setFloat32(at, value, isLittle);
      break;
    case 'FD':
      view.setFloat64(at, value, isLittle);
      break;
    case 'AT':
      view.setUint16(at, value >>> 16, isLittle);
      view.setUint16(at + 2, value & 0xffff, isLittle);
      break;
    case 'US':
    case 'SS':
      view.setUint16(at, value & 0xffff, isLittle);
      break;
    default:
      view.setUint32(at, value >>> 0, isLittle);
  }
}

/** The 64 bits of a whole number. */
function bigBits(vr: Vr, value: PlainValue): bigint {
  const isWhole = typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value));
  if (!isWhole) throw unfit(vr, value);
  const big = BigInt(value);
  const fits = vr === 'UV' ? BigInt.asUintN(64, big) === big : BigInt.asIntN(64, big) === big;
  if (!fits) throw unfit(vr, value);
  return BigInt.asUintN(64, big);
}

function unfit(vr: Vr, value: PlainValue): DataSetError {
  const shown =
    value instanceof Uint8Array ? `${value.length} bytes` : `${typeof value} ${JSON.stringify(String(value))}`;
  return new DataSetError('invalid-value', `A ${vr} can't hold ${shown}`);
}
