const SPACE = 0x20;

/**
 * Bytes `start` to `end` to characters one to one (ISO 8859-1), so that no byte is lost or changed whatever a peer sends.
 * Eight at a time: for the length of a UID faster than `TextDecoder` (whose "latin1" is windows-1252) or a spread.
 */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  const { fromCharCode } = String;
  const b = (at: number) => bytes[at] ?? 0;
  let text = '';
  let at = start;
  for (; at + 8 <= end; at += 8) {
    text += fromCharCode(b(at), b(at + 1), b(at + 2), b(at + 3), b(at + 4), b(at + 5), b(at + 6), b(at + 7));
  }
  for (; at < end; at++) text += fromCharCode(b(at));
  return text;
}

/** Where a UID in `bytes` ends before the NULs or spaces that some peers pad it with. */
export function unpaddedEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && isPadding(bytes[at - 1])) at--;
  return at;
}

/** A UID without padding. */
export function trimUid(uid: string): string {
  let end = uid.length;
  while (end > 0 && isPadding(uid.charCodeAt(end - 1))) end--;
  return uid.slice(0, end);
}

/** An AE title without its padding: spaces on both sides (PS3.8 9.3.2), NULs at its end (seen from some peers). */
export function trimAeTitle(title: string): string {
  let start = 0;
  while (title.charCodeAt(start) === SPACE) start++;
  return trimUid(title.slice(start));
}

function isPadding(code: number | undefined): boolean {
  return code === 0 || code === SPACE;
}
