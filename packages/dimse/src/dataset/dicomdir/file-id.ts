/** Referenced File IDs as paths that stay where they belong. PS3.10 8.2, 8.5. */

/** Longer components, or more of them, are no File ID, and no path that a file system takes. */
const maxComponents = 32;
const maxComponentCharacters = 255;

/**
 * Maps the components of a File ID (0004,1500) to a relative path, with `/` between its parts. The standard has eight components of up to eight capital
 * letters, digits and underscores; longer names, small letters and extensions are met and taken, and so are components that hold `/`.
 *
 * The result, joined to the directory of the DICOMDIR, stays in it: nothing passes that is empty, `.` or `..`, begins or ends with a space or ends
 * with a full stop, names a device, or holds a control character or one of `\ : * ? " < > |`. (A symbolic link on the medium may still lead
 * elsewhere: who opens the file has to look at that.)
 *
 * @returns undefined for components that can't be such a path.
 *
 * @example
 * ```ts
 * import { fileIdPath } from '@dicomwire/dimse/dataset';
 *
 * console.log(fileIdPath(['DICOM', 'PAT001', 'IM0001'])); // DICOM/PAT001/IM0001
 * console.log(fileIdPath(['..', '..', 'etc', 'passwd'])); // undefined
 * ```
 */
export function fileIdPath(components: readonly string[]): string | undefined {
  const parts = components.flatMap((component) => component.split('/'));
  if (parts.length === 0 || parts.length > maxComponents || !parts.every(isSafe)) return undefined;
  return parts.join('/');
}

function isSafe(part: string): boolean {
  if (part.length === 0 || part.length > maxComponentCharacters) return false;
  return !forbidden.test(part) && !/^\s|[\s.]$/.test(part) && !device.test(part);
}

/** Controls, format characters that hide or turn text, halves of surrogate pairs, and what means something else to a file system. */
const forbidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\\/:*?"<>|]/u;
/** Names that Windows gives to devices, whatever their extension. */
const device = /^(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|COM[0-9¹²³]|LPT[0-9¹²³])(?:\.|$)/i;
