/** PS3.5 6.2: VR AE. */
const pattern = /^(?=.*[^ ])[\x20-\x5b\x5d-\x7e]{1,16}$/;

/** True for text that may stand where the standard wants an AE title. */
export function isAeTitle(text: string): boolean {
  return pattern.test(text);
}
