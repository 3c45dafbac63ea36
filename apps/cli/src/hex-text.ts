/** Bytes as people paste them: hexadecimal digits, also as hexdump, xxd and Wireshark print them. */
import { UsageError } from './usage-error.js';

/** True for text that may be a dump in hexadecimal digits. */
export function isHexText(bytes: Uint8Array): boolean {
  return (
    bytes.length > 0 &&
    bytes.subarray(0, 4096).every((byte) => byte === 9 || byte === 10 || byte === 13 || (byte >= 32 && byte < 127))
  );
}

/** The bytes that a text stands for. Offsets at the beginning of lines and text at their ends are passed over; `#` begins a comment. */
export function bytesOfHex(text: string): Uint8Array {
  const digits: string[] = [];
  let hadOffsets = false;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const hasOffset = offsetPattern.test(line);
    // hexdump ends with the length alone.
    if (hadOffsets && !hasOffset && /^\s*[0-9a-f]{4,8}\s*$/i.test(line)) continue;
    hadOffsets ||= hasOffset;
    const hex = hexOfLine(line).replace(/0x|[\s,:]/gi, '');
    if (/[^0-9a-f]/i.test(hex) || hex.length % 2 !== 0)
      throw new UsageError(`Line ${index + 1} is no hexadecimal text`);
    digits.push(hex);
  }
  return Buffer.from(digits.join(''), 'hex');
}

const offsetPattern = /^\s*[0-9a-f]{4,}(?::\s|\s{2,})\s*(.*)$/i;

function hexOfLine(line: string): string {
  const content = line.replace(/#.*/, '');
  const dump = offsetPattern.exec(content);
  if (dump === null) return content;
  // hexdump -C sets its text between bars; the others set it behind two spaces.
  const rest = dump[1] ?? '';
  const bar = rest.indexOf('|');
  return bar >= 0 ? rest.slice(0, bar) : (/^(?:[0-9a-f]{2,4} ?)+/i.exec(rest)?.[0] ?? '');
}
