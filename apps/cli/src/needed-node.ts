/** Which Node the program needs. */

/**
 * What to tell whoever runs the program with a Node that is too old; `undefined` when it will do.
 *
 * @param version of this Node, `22.4.1`
 * @param needed `>=22.13`, as package.json has it
 */
export function complaintAboutNode(version: string, needed: string): string | undefined {
  const least = needed.replace('>=', '');
  const [major = 0, minor = 0] = numbersOf(version);
  const [leastMajor = 0, leastMinor = 0] = numbersOf(least);
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return undefined;
  return `Node ${least} or later is needed, this is ${version}; https://nodejs.org has it`;
}

function numbersOf(version: string): number[] {
  return version.split('.').map(Number);
}
