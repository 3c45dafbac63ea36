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
  const outer = frame.outer ? fieldPath(frame.outer, frameSegment(frame)) : '';
  return outer && field ? `${outer}/${field}` : outer || field;
}

/** What stands for `frame` in a path. */
export function frameSegment({ name, index }: Frame): string {
  return index === undefined ? name : `${name}[${index}]`;
}
