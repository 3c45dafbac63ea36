/** Numbers as people read them. */

/** `525.3 kB`: decimal units, one digit after the point from kB up. */
export function bytesInWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toFixed(1)} ${units[unit]}`;
}

/** `0.25 ms`, `1.9 s`, `3 min 20 s`. */
export function durationInWords(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds < 10 ? milliseconds.toFixed(2) : milliseconds.toFixed(0)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** `1 object`, `2 objects`; `2 matches` where the plural is given. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}

/** A status as the standard writes it: `A700`. */
export function statusInHex(status: number): string {
  return status.toString(16).toUpperCase().padStart(4, '0');
}

/** Text of a peer or of a file name on one line: control characters become question marks. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, '?');
}
