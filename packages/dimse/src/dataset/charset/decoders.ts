/** Decoders of the platform, made when first needed. */
const decoders = new Map<string, InstanceType<typeof TextDecoder>>();

/** The decoder of a label. A byte order mark is text like any other. */
export function decoderOf(label: string): InstanceType<typeof TextDecoder> {
  let decoder = decoders.get(label);
  if (decoder === undefined) {
    decoder = new TextDecoder(label, { ignoreBOM: true });
    decoders.set(label, decoder);
  }
  return decoder;
}

/** Text of UTF-16 code units. */
export function textOf(units: Uint8Array | Uint16Array): string {
  if (units.length <= 4096) return String.fromCharCode(...units);
  const parts: string[] = [];
  for (let at = 0; at < units.length; at += 4096) parts.push(String.fromCharCode(...units.subarray(at, at + 4096)));
  return parts.join('');
}
