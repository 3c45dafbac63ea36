/** Text of the default repertoire, and of ISO 8859-1 beyond it: for VRs that the specific character set does not apply to. */
import { decoderOf, textOf } from './decoders.js';
import { lackingCharacter, type Unencodable } from './unencodable.js';

/** Text whose characters are the bytes' numbers. */
export function decodeLatin1(bytes: Uint8Array): string {
  if (bytes.length < 32) {
    let text = '';
    for (let at = 0; at < bytes.length; at++) text += String.fromCharCode(bytes[at]!);
    return text;
  }
  return bytes.every((byte) => byte < 0x80) ? decoderOf('utf-8').decode(bytes) : textOf(bytes);
}

/** Bytes that are the characters' numbers. @throws DataSetError `unsupported-character-set` above 0xff. */
export function encodeLatin1(text: string, unencodable: Unencodable = 'error'): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0xff && unencodable === 'error') throw lackingCharacter(String.fromCodePoint(text.codePointAt(at)!), '');
    bytes[at] = code > 0xff ? 0x3f : code;
  }
  return bytes;
}
