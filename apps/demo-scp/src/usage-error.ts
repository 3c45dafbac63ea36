/** Something that whoever gave the command can put right. Its message is one line; the program ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
