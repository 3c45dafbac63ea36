/** `dicomwire dump`: shows what DICOM files hold. PS3.10 7. */
import { readPart10File } from '@dicomwire/dimse';
import { dumpPart10, stringifyDicomJson, toDicomJson } from '@dicomwire/dimse/dataset';
import { EXIT_FAILED, EXIT_OK } from './exit-code.js';
import { complain, say } from './output.js';
import { printable } from './quantities.js';
import { runCommand } from './run-command.js';

/** Options of the command. */
export interface DumpOptions {
  readonly json?: true | undefined;
  /** Longer values are not read. */
  readonly maxValueBytes: number;
  /** Characters of a value that are shown. */
  readonly width: number;
}

/** Runs the command: each file, also after one that is none. Resolves to its exit code. */
export function dump(paths: readonly string[], options: DumpOptions): Promise<number> {
  return runCommand(options, async (signal) => {
    let exitCode = EXIT_OK;
    for (const path of paths) {
      signal.throwIfAborted();
      try {
        await dumpFile(path, paths.length > 1, options);
      } catch (error) {
        complain(
          new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error }),
          options.json === true,
        );
        exitCode = EXIT_FAILED;
      }
    }
    return exitCode;
  });
}

async function dumpFile(path: string, isNamed: boolean, options: DumpOptions): Promise<void> {
  const { maxValueBytes, width } = options;
  const file = await readPart10File(path, { maxValueBytes, keepTruncated: true });
  if (options.json) {
    say(stringifyDicomJson(toDicomJson(file.dataSet)));
    return;
  }
  if (isNamed) say(`# ${printable(path)}`);
  for (const line of dumpPart10(file, { maxValueCharacters: width })) say(line);
}
