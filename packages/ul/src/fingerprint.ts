import { AssociationError } from './errors.js';

/**
 * A SHA-256 fingerprint as 64 lower-case hexadecimal digits.
 *
 * @throws {@link AssociationError} with code `invalid-option`
 */
export function normalizeFingerprint(fingerprint: string): string {
  const digits = fingerprint.replaceAll(':', '').toLowerCase();
  if (/^[0-9a-f]{64}$/.test(digits)) return digits;
  throw new AssociationError(
    'invalid-option',
    `${JSON.stringify(fingerprint)} is no SHA-256 fingerprint: 64 hexadecimal digits, colons or not`,
  );
}
