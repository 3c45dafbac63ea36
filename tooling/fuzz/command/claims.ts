/** What has to hold of command sets, for any bytes. */
import { isDeepStrictEqual } from 'node:util';
import { type CommandSet, DimseError, decodeCommandSet, encodeCommandSet } from '@dicomwire/dimse';
import { claim, isSame } from '../claim.ts';

/** Tests every claim on `bytes`. @throws whatever the codec should not have thrown, or an error that names the claim. */
export function testClaims(bytes: Uint8Array): void {
  const given = bytes.slice();
  const command = attempt(() => decodeCommandSet(given));
  if (command instanceof DimseError) {
    testError(command, bytes);
    return;
  }
  const said = structuredClone(command);
  given.fill(0xee);
  claim(isDeepStrictEqual(command, said), 'nothing of a command refers to the bytes');
  const encoded = attempt(() => encodeCommandSet(command));
  if (encoded instanceof DimseError) {
    claim(encoded.code === 'invalid-command', 'what can not be encoded has a value that does not fit');
    return;
  }
  const again = decodeCommandSet(encoded);
  claim(isSameCommand(again, said), 'what was encoded decodes to the same');
  const written = encodeCommandSet(again);
  claim(isSame(encodeCommandSet(decodeCommandSet(written)), written), 'encoding again gives the same bytes');
}

function testError({ code, offset, message, received }: DimseError, bytes: Uint8Array): void {
  claim(code === 'malformed-command' || code === 'missing-element', `${code} is what reading a command set may say`);
  claim(offset === undefined || (offset >= 0 && offset <= bytes.length), `offset ${offset} is within the bytes`);
  claim((received !== undefined) === (code === 'missing-element'), 'what could be read comes along');
  claim(message.length < 1000, 'messages are short');
}

/** The same elements; those that a message doesn't define are written in order of their tags. */
function isSameCommand(one: CommandSet, other: CommandSet): boolean {
  return isDeepStrictEqual(inOrder(one), inOrder(other));
}

function inOrder(command: CommandSet): object {
  // An error comment is cut to 64 characters, an absent priority is medium.
  const { unknownElements = [], ...rest } = { ...command, errorComment: undefined, priority: undefined };
  return { ...rest, unknownElements: [...unknownElements].sort((one, other) => one.tag - other.tag) };
}

/** The value of `work`, or the `DimseError` that it throws; anything else escapes. */
function attempt<T>(work: () => T): T | DimseError {
  try {
    return work();
  } catch (error) {
    if (error instanceof DimseError) return error;
    throw error;
  }
}
