/** What the commands of N-services print: an answer, or the attributes of an instance. */
import type { DataSet } from '@dicomwire/dimse';
import { dumpDataSet, stringifyDicomJson, toDicomJson } from '@dicomwire/dimse/dataset';
import type { NServiceResult } from '@dicomwire/services';
import { EXIT_OK } from './exit-code.js';
import { say, sayJson } from './output.js';
import { printable, statusInHex } from './quantities.js';

/** Tells of a request that was answered with success or a warning, and resolves to the exit code. */
export function tellAnswer(
  answer: NServiceResult,
  { type, action, json, more = {} }: AnswerWords & { readonly more?: Readonly<Record<string, string>> },
): number {
  const { sopInstanceUid, status, meaning, comment } = answer;
  if (json) sayJson({ type, action, sopInstanceUid, status, meaning, comment, ...more, exitCode: EXIT_OK });
  else {
    say(printable([sopInstanceUid, statusInHex(status), meaning, ...(comment ? [`(${comment})`] : [])].join(' ')));
    for (const [name, value] of Object.entries(more)) say(printable(`${name} ${value}`));
  }
  return EXIT_OK;
}

/** What an answer is called in JSON. */
export interface AnswerWords {
  /** Service: `mpps`, `ups`. */
  readonly type: string;
  /** Name of the command beneath it. */
  readonly action: string;
  readonly json: true | undefined;
}

/** Prints attributes: as `dump` does, or as DICOM JSON. */
export function tellAttributes(dataSet: DataSet, options: { readonly json?: true | undefined }): number {
  if (options.json) say(stringifyDicomJson(toDicomJson(dataSet)));
  else for (const line of dumpDataSet(dataSet)) say(line);
  return EXIT_OK;
}
