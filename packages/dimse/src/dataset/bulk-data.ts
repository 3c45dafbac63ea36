/** Values that are not in memory: where they are instead. */
import type { ElementRow, RowItem } from './element-row.js';

/** A value that is to be had at a URI, as DICOM JSON has it. PS3.18 F.2.6. */
export interface BulkDataUri {
  /** Which of the references this is. */
  readonly kind: 'uri';
  /** The URI, as it stood. */
  readonly uri: string;
}

/** A value that was left in the file. */
export interface BulkDataRange {
  /** Which of the references this is. */
  readonly kind: 'range';
  /** Offset of the value field in the file, bytes. */
  readonly offset: number;
  /** Length of the value field, bytes; of encapsulated pixel data the items with their headers, without the delimiter. */
  readonly byteLength: number;
  /** The length field says undefined: the value field is a list of fragments. PS3.5 A.4. */
  readonly isEncapsulated: boolean;
}

/** Where the value of an element is when it is not in memory. */
export type BulkDataReference = BulkDataUri | BulkDataRange;

/** Aside from the rows, which nearly all do without. */
const references = new WeakMap<object, BulkDataReference>();

/** Says where the value of an element is. */
export function referTo<Item extends RowItem>(row: ElementRow<Item>, reference: BulkDataReference): ElementRow<Item> {
  references.set(row, reference);
  return row;
}

/** Where the value of an element is; `undefined` when it is here. */
export function referenceOf<Item extends RowItem>(row: ElementRow<Item>): BulkDataReference | undefined {
  return row.start < 0 ? references.get(row) : undefined;
}
