import type { Annotation } from './annotation.js';

/** Options of {@link renderAnnotation}. */
export interface RenderAnnotationOptions {
  /** Shows the bytes of user identities and of the answers to them, which may be passcodes. Default `false`. */
  readonly showCredentials?: boolean | undefined;
}

const BYTES_SHOWN = 8;
const CHARACTERS_SHOWN = 120;
const CREDENTIALS = /^(primaryField|secondaryField|serverResponse)$/;

/**
 * Annotations as lines of text: offset, bytes in hex, name, meaning. What a PDU or item consists of stands beneath it, further
 * to the right. Long values are cut short, which a `…` tells. Nothing in it but line breaks controls a terminal.
 *
 * @returns Lines, without a break after the last.
 *
 * @example
 * ```ts
 * import { annotate, renderAnnotation } from '@dicomwire/pdu';
 *
 * console.log(renderAnnotation(annotate(Uint8Array.of(0x07, 0, 0, 0, 0, 4, 0, 0, 2, 1))));
 * ```
 */
export function renderAnnotation(annotations: readonly Annotation[], options?: RenderAnnotationOptions): string {
  return annotations.map((annotation) => render(annotation, '', options?.showCredentials ?? false)).join('\n');
}

function render(annotation: Annotation, indent: string, showCredentials: boolean): string {
  const { name, offset, byteLength, bytes, meaning, clause, fields } = annotation;
  const isField = fields.length === 0;
  const isShown = isField && (showCredentials || !CREDENTIALS.test(name));
  const hex = isShown ? Array.from(bytes.subarray(0, BYTES_SHOWN), (byte) => byte.toString(16).padStart(2, '0')) : [];
  if (isShown && byteLength > BYTES_SHOWN) hex.push('…');
  const words = isField ? meaning : `${byteLength} bytes, ${clause}`;
  const cut = words.length > CHARACTERS_SHOWN ? `${words.slice(0, CHARACTERS_SHOWN)}…` : words;
  const line = `${`${offset}`.padStart(6)}  ${hex.join(' ').padEnd(BYTES_SHOWN * 3 + 1)}  ${indent}${name}  ${cut}`;
  return [line.trimEnd(), ...fields.map((field) => render(field, `${indent}  `, showCredentials))].join('\n');
}
