/** `dicomwire get`: C-GET into a directory. PS3.4 C.4.3. */
import { mkdir } from 'node:fs/promises';
import { FileWriteError, type ReceivedInstance, StatusError, UnusableUidError } from '@dicomwire/services';
import { explain } from './advice.js';
import { EXIT_FAILED } from './exit-code.js';
import { say, sayJson } from './output.js';
import { bytesInWords, printable } from './quantities.js';
import { progressTeller, type RetrieveOptions, retrieveKeys, tellRefusal, tellSummary } from './retrieve-options.js';
import { runWithClient } from './run-command.js';

/** Options of the command. */
export interface GetOptions extends RetrieveOptions {
  /** Where files go. */
  readonly output: string;
  /** Replaces what is there. */
  readonly overwrite?: true | undefined;
  readonly sopClass?: readonly string[] | undefined;
}

/** Runs the command. Resolves to its exit code. */
export function get(host: string, port: number, options: GetOptions): Promise<number> {
  return runWithClient(host, port, options, async (client, signal) => {
    const { level, model, sopClass: sopClasses } = options;
    const keys = retrieveKeys(options);
    await mkdir(options.output, { recursive: true });
    const retrieval = client.retrieve(keys, { level, model, sopClasses, signal, onProgress: progressTeller(options) });
    let unsaved = 0;
    try {
      for await (const instance of retrieval) if (!(await save(instance, options))) unsaved++;
    } catch (error) {
      return tellRefusal(error, options);
    }
    if (retrieval.summary === undefined) return EXIT_FAILED;
    const exitCode = tellSummary(retrieval.summary, options);
    return unsaved > 0 ? EXIT_FAILED : exitCode;
  });
}

/** One object that can't be saved is told of, and the others go on. @returns whether it was saved */
async function save(instance: ReceivedInstance, options: GetOptions): Promise<boolean> {
  const { sopInstanceUid, sopClassUid, transferSyntaxUid } = instance;
  try {
    // The peer has what a power failure would take: nothing waits for the disk.
    const saving = instance.saveTo(options.output, { overwrite: options.overwrite, sync: false });
    const { path, byteLength, wasThere } = await saving;
    if (options.json)
      sayJson({ type: 'object', path, sopClassUid, sopInstanceUid, transferSyntaxUid, byteLength, wasThere });
    else if (options.verbose) say(`${printable(path)}  ${bytesInWords(byteLength)}${wasThere ? '  was there' : ''}`);
    return true;
  } catch (error) {
    if (!(error instanceof FileWriteError || error instanceof UnusableUidError || error instanceof StatusError))
      throw error;
    const { code, message } = explain(error);
    if (options.json) sayJson({ type: 'object', sopClassUid, sopInstanceUid, transferSyntaxUid, code, message });
    process.stderr.write(`dicomwire: ${printable(sopInstanceUid)} was not saved: ${printable(message)}\n`);
    return false;
  }
}
