/** The DICOM JSON model as types. PS3.18 Annex F. */

/** A data set, or an item of a sequence: elements by tag, eight hexadecimal digits in capitals. PS3.18 F.2.2. */
export interface DicomJsonObject {
  readonly [tag: string]: DicomJsonElement;
}

/** One element. At most one of `Value`, `BulkDataURI` and `InlineBinary` is there; none when it is empty. PS3.18 F.2.2. */
export interface DicomJsonElement {
  /** Value representation. */
  readonly vr: string;
  /** Values, or items of a sequence; `null` for an empty value among others. */
  readonly Value?: readonly DicomJsonValue[] | undefined;
  /** Where the value field can be had. */
  readonly BulkDataURI?: string | undefined;
  /** The value field in base64, little endian. */
  readonly InlineBinary?: string | undefined;
}

/** One value: text, a number, a person name, an item, or nothing. PS3.18 Table F.2.3-1. */
export type DicomJsonValue = string | number | DicomJsonPersonName | DicomJsonObject | null;

/** The component groups of a person name; those that are empty are left out. PS3.5 6.2.1. */
export interface DicomJsonPersonName {
  /** Single-byte characters. */
  readonly Alphabetic?: string | undefined;
  /** Ideographic characters. */
  readonly Ideographic?: string | undefined;
  /** Phonetic characters. */
  readonly Phonetic?: string | undefined;
}
