/** Where words go: results to standard output, troubles to standard error. */
import { explain } from './advice.js';
import { printable } from './quantities.js';

/** Prints a line of results. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Prints one JSON object on a line of its own. */
export function sayJson(object: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(object)}\n`);
}

/** Tells of an error and what to do about it; with `isJson`, as an object on standard output too. */
export function complain(error: unknown, isJson: boolean): void {
  const { code, message, advice } = explain(error);
  if (isJson) sayJson({ type: 'error', code, message, advice });
  process.stderr.write(`dicomwire: ${printable(message)}\n`);
  if (advice !== undefined) process.stderr.write(`  → ${advice}\n`);
}
