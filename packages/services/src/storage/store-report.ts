/**
 * What became of objects, kept in a file so that a later run can go on where this one ended.
 */
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { systemCodeOf } from './file-errors.js';
import type { StoreOptions, StoreResult } from './store-result.js';

/** Writes results to a report as they come: a line of JSON each. */
export class StoreReport {
  readonly #file: FileHandle;
  #lines = '';
  #writing: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Opens a report, or begins one. @throws the operating system's error. */
  static async open(path: string): Promise<StoreReport> {
    const report = new StoreReport(await open(path, 'a+'));
    // The line of a run that was killed may be half there.
    if (!(await endsWithLine(report.#file))) report.#lines = '\n';
    return report;
  }

  add(result: StoreResult): void {
    this.#lines += `${lineOf(result)}\n`;
    this.#writing ??= this.#write();
  }

  /** Waits until everything is written. @throws the operating system's error. */
  async close(): Promise<void> {
    try {
      await this.#writing;
      if (this.#failure !== undefined) throw this.#failure.error;
    } finally {
      await this.#file.close();
    }
  }

  async #write(): Promise<void> {
    try {
      while (this.#lines !== '') {
        const lines = this.#lines;
        this.#lines = '';
        await this.#file.appendFile(lines);
      }
    } catch (error) {
      this.#failure ??= { error };
    }
    this.#writing = undefined;
  }
}

/**
 * SOP instance UIDs that an earlier run stored.
 *
 * @throws the operating system's error when a report can't be read; one that is not there is of a run that did nothing.
 */
export async function storedBefore(resume: StoreOptions['resume']): Promise<ReadonlySet<string>> {
  if (resume === undefined) return new Set();
  const results = typeof resume === 'string' ? await readReport(resume) : resume.results;
  const stored = new Set<string>();
  for (const { outcome, sopInstanceUid } of results) {
    if (sopInstanceUid !== undefined && storedOutcomes.includes(outcome)) stored.add(sopInstanceUid);
  }
  return stored;
}

const storedOutcomes: readonly string[] = ['stored', 'warning', 'already-stored'];

interface ReportLine {
  readonly outcome: string;
  readonly sopInstanceUid: string | undefined;
}

async function readReport(path: string): Promise<readonly ReportLine[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return [];
    throw error;
  }
  return text.split('\n').flatMap((line) => parseLine(line) ?? []);
}

/** A line that is none, or cut off in the middle, says nothing. */
function parseLine(line: string): ReportLine | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed !== 'object' || parsed === null || !('outcome' in parsed)) return undefined;
    const { outcome } = parsed;
    const uid = 'sopInstanceUid' in parsed ? parsed.sopInstanceUid : undefined;
    if (typeof outcome !== 'string') return undefined;
    return { outcome, sopInstanceUid: typeof uid === 'string' ? uid : undefined };
  } catch {
    return undefined;
  }
}

function lineOf({ error, ...result }: StoreResult): string {
  return JSON.stringify({ ...result, error: error?.message });
}

async function endsWithLine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return true;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] === 0x0a;
}
