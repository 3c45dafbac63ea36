/** How the elements of a data set stand in bytes. PS3.5 Annex A. */

/** An encoding; the transfer syntaxes share a few. */
export interface Encoding {
  /** Elements carry no VR. */
  readonly isImplicitVr: boolean;
  /** Numbers stand with their high byte first. */
  readonly isBigEndian: boolean;
  /** The whole is deflated. */
  readonly isDeflated: boolean;
}

/** Implicit VR little endian. */
export const implicitLittleEndian: Encoding = { isImplicitVr: true, isBigEndian: false, isDeflated: false };
/** Explicit VR little endian, which every encapsulated transfer syntax uses as well. */
export const explicitLittleEndian: Encoding = { isImplicitVr: false, isBigEndian: false, isDeflated: false };
/** Explicit VR big endian (retired). */
export const explicitBigEndian: Encoding = { isImplicitVr: false, isBigEndian: true, isDeflated: false };
/** Deflated explicit VR little endian. */
export const deflatedLittleEndian: Encoding = { isImplicitVr: false, isBigEndian: false, isDeflated: true };

const exceptions = new Map<string, Encoding>([
  ['1.2.840.10008.1.2', implicitLittleEndian],
  ['1.2.840.10008.1.20', implicitLittleEndian],
  // GE's private implicit syntax with big endian pixels: its elements are little endian all the same.
  ['1.2.840.113619.5.2', implicitLittleEndian],
  ['1.2.840.10008.1.2.2', explicitBigEndian],
  ['1.2.840.10008.1.2.1.99', deflatedLittleEndian],
  ['1.2.840.10008.1.2.4.95', deflatedLittleEndian],
  ['1.2.840.10008.1.2.4.205', deflatedLittleEndian],
]);

/**
 * The encoding of a transfer syntax. One that isn't known is taken as explicit VR little endian, as every transfer syntax with
 * compressed pixel data has to be (PS3.5 A.4).
 */
export function encodingOf(transferSyntaxUid: string): Encoding {
  return exceptions.get(transferSyntaxUid) ?? explicitLittleEndian;
}
