const SPACE = 0x20;

/** Bytes to characters one to one (ISO 8859-1), so that no byte is lost or changed whatever a peer sends. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  // In pieces: arguments of one call live on the stack.
  for (let at = 0; at < bytes.length; at += 4096) text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return text;
}

/** A UID without the NULs or spaces that some peers pad it with. */
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

function isPadding(code: number): boolean {
  return code === 0 || code === SPACE;
}
