/** An item that the codec stands in, within the one around it: what gives a field its path and its clause. */
export interface Frame {
  readonly outer: Frame | undefined;
  /** Empty for the PDU itself. */
  readonly name: string;
  /** Position among the items of this name; `undefined` where only one can be. */
  readonly index: number | undefined;
  readonly clause: string;
  /** Offset of the first byte after this item. */
  end: number;
}

/** The path of a field in `frame`, or of the frame itself when `field` is empty. */
export function fieldPath(frame: Frame, field: string): string {
  const parts = field === '' ? [] : [field];
  for (let at: Frame | undefined = frame; at !== undefined; at = at.outer) {
    if (at.name !== '') parts.push(at.index === undefined ? at.name : `${at.name}[${at.index}]`);
  }
  return parts.reverse().join('/');
}
