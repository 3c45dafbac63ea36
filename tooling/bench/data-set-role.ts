/** `--role dataset`: data sets beside dicom-parser and dcmjs, each in a process of its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readPart10File } from '@dicomwire/dimse';
import { DataSet, encodeDataSet, encodePart10, parseDataSet, TransferSyntax } from '@dicomwire/dimse/dataset';
import { generateObject, SHARED_FILES } from '@dicomwire/interop/corpus';
import { temporaryDirectory } from '@dicomwire/interop/peers';
import type { Answer, Question } from './data-set/child.ts';
import { CONTENDERS, type ContenderName, type Task } from './data-set/contender.ts';
import { imageValues } from './data-set/image-values.ts';
import { typeCheck } from './data-set/type-check.ts';
import { median } from './measurement.ts';

const meta = { transferSyntaxUid: TransferSyntax.ExplicitVRLittleEndian };

/** Prints all tables of the role. */
export async function benchDataSets(rounds: number): Promise<void> {
  console.log('\nData sets: processor time');
  const directory = await temporaryDirectory('bench-data-sets');
  const children = new Map(CONTENDERS.map((name) => [name, start(name)]));
  try {
    await reading(children, directory.path, rounds);
    await writing(children, directory.path, rounds);
    growth(rounds);
    await header(directory.path, rounds);
    typeCheck();
  } finally {
    for (const child of children.values()) child.kill();
    await directory.remove();
  }
}

type Children = ReadonlyMap<ContenderName, ChildProcess>;

function start(name: ContenderName): ChildProcess {
  return fork(fileURLToPath(new URL('data-set/child.ts', import.meta.url)), [name]);
}

/** Median time of each contender that can do it; in each round all of them in turn, so that what else happens falls on all alike. */
async function compare(
  children: Children,
  trials: readonly (readonly [name: ContenderName, task: Task])[],
  path: string,
  rounds: number,
): Promise<number[]> {
  const times = trials.map((): number[] => []);
  // The first round is for the compilers.
  for (let round = -1; round < rounds; round++) {
    for (const [index, [name, task]] of trials.entries()) {
      const child = children.get(name);
      if (child === undefined) continue;
      const answer = await ask(child, { task, path });
      if ('failure' in answer) throw new Error(`${name} failed to ${task} ${path}: ${answer.failure}`);
      if (round >= 0) times[index]?.push(answer.microseconds);
    }
  }
  return times.map((values) => median(values) ?? Number.NaN);
}

async function ask(child: ChildProcess, question: Question): Promise<Answer> {
  const answered = once(child, 'message');
  child.send(question);
  const [answer] = await answered;
  return answer;
}

async function filesToRead(directory: string): Promise<ReadonlyMap<string, string>> {
  const generated = join(directory, 'generated.dcm');
  await writeFile(generated, generateObject({ pixelBytes: 524_288 }).file);
  const files = new Map([['generated CT', generated]]);
  for (const name of ['CT_small', 'MR_small_implicit', 'rtplan', 'dcmqi_enhanced_ct_mf', 'reportsi', 'liver_1frame']) {
    const path = join(SHARED_FILES, `${name}.dcm`);
    if (existsSync(path)) files.set(name, path);
  }
  return files;
}

async function reading(children: Children, directory: string, rounds: number): Promise<void> {
  console.log(
    `${'a file parsed, 10 tags read'.padEnd(30)}${columns(['ours', 'with all items', 'dicom-parser', 'dcmjs'])}`,
  );
  for (const [name, path] of await filesToRead(directory)) {
    const trials = [
      ['dicomwire', 'read'],
      ['dicomwire', 'readAll'],
      ['dicom-parser', 'readAll'],
      ['dcmjs', 'readAll'],
    ] as const;
    const [ours = 0, all = 0, parser = 0, dcmjs = 0] = await compare(children, trials, path, rounds);
    console.log(`  ${name.padEnd(28)}${columns([ours, all, parser, dcmjs].map(inMicroseconds))}`);
    verdict(parser / all, 1, 'times the pace of dicom-parser, with all items located as it does');
    verdict(dcmjs / ours, 10, 'times the pace of dcmjs');
  }
}

async function writing(children: Children, directory: string, rounds: number): Promise<void> {
  console.log(`${'a file written'.padEnd(30)}${columns(['ours', 'dcmjs'])}`);
  const path = join(directory, 'image.dcm');
  await writeFile(path, encodePart10(DataSet.from(imageValues()), meta));
  const tasks = new Map<string, Task>([
    ['2 kB from values', 'writeHeader'],
    ['525 kB from values', 'write'],
    ['525 kB, read and changed', 'change'],
  ]);
  for (const [name, task] of tasks) {
    const trials = [
      ['dicomwire', task],
      ['dcmjs', task],
    ] as const;
    const [ours = 0, dcmjs = 0] = await compare(children, trials, path, rounds);
    console.log(`  ${name.padEnd(28)}${columns([ours, dcmjs].map(inMicroseconds))}`);
    verdict(dcmjs / ours, 10, 'times the pace of dcmjs');
  }
}

/** A data set of so many elements. */
function manyElements(count: number): Uint8Array {
  const dataSet = new DataSet();
  for (let index = 0; index < count; index++) {
    const tag = (0x0009 + 2 * Math.floor(index / 50_000)) * 0x10000 + 0x1000 + (index % 50_000);
    dataSet.setValues(tag, 'LO', [`value ${index}`]);
  }
  return encodeDataSet(dataSet, meta.transferSyntaxUid);
}

function growth(rounds: number): void {
  const counts = [1_000, 10_000, 100_000];
  const times = counts.map((count) => {
    const bytes = manyElements(count);
    const parse = () => parseDataSet(bytes, meta.transferSyntaxUid).values(0x00091000 + (count >> 2));
    return median(Array.from({ length: rounds + 1 }, () => timeOf(parse)).slice(1)) ?? Number.NaN;
  });
  console.log(`${'elements located'.padEnd(30)}${columns(counts.map((count) => count.toLocaleString('en')))}`);
  const each = times.map((time, index) => (time * 1000) / (counts[index] ?? 1));
  console.log(`  ${'each'.padEnd(28)}${columns(each.map((time) => `${time.toFixed(1)} ns`))}`);
  const [first = 1, , last = Number.NaN] = each;
  // Rows of 100,000 elements do not fit into the caches that those of 1,000 fit into.
  const isLinear = last / first <= 4;
  console.log(
    `    ${isLinear ? 'reached' : 'MISSED'}  an element of 100,000 takes ${(last / first).toFixed(1)} times one of 1,000, at most 4 wanted`,
  );
}

const SPARSE_BYTES = 3_000_000_000;
const MAX_READ_BYTES = 1_000_000;

/** The header of a file of 3 GB, which takes no room on the disk. */
async function header(directory: string, rounds: number): Promise<void> {
  const path = join(directory, 'large.dcm');
  const head = encodePart10(DataSet.from({ ...imageValues(), PixelData: new Uint8Array(0) }), meta);
  new DataView(head.buffer, head.byteOffset).setUint32(head.length - 4, SPARSE_BYTES, true);
  await writeFile(path, head);
  const file = await open(path, 'r+');
  await file.truncate(head.length + SPARSE_BYTES);
  await file.close();
  const read = () => readPart10File(path, { maxValueBytes: 65_536 });
  await read();
  const times: number[] = [];
  const before = await bytesRead();
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now();
    const { dataSet } = await read();
    times.push((performance.now() - begun) * 1000);
    if (dataSet.bulkData('PixelData')?.kind !== 'range') throw new Error('The pixels were read');
  }
  const after = await bytesRead();
  console.log('the header of a file of 3 GB, wall time');
  console.log(`  ${'readPart10File'.padEnd(28)}${columns([inMicroseconds(median(times) ?? 0)])}`);
  if (before === undefined || after === undefined) return;
  const each = Math.round((after - before) / rounds);
  const word = each <= MAX_READ_BYTES ? 'reached' : 'MISSED';
  console.log(
    `    ${word}  ${each.toLocaleString('en')} bytes read, at most ${MAX_READ_BYTES.toLocaleString('en')} wanted`,
  );
}

function timeOf(turn: () => unknown): number {
  const before = process.cpuUsage();
  let done = 0;
  let spent = 0;
  for (; spent < 100_000; done++) {
    turn();
    const { user, system } = process.cpuUsage(before);
    spent = user + system;
  }
  return spent / done;
}

/** What this process has read by system calls; `undefined` where the system doesn't tell. */
async function bytesRead(): Promise<number | undefined> {
  const text = await readFile('/proc/self/io', 'utf8').catch(() => '');
  const bytes = /^rchar: (\d+)$/m.exec(text)?.[1];
  return bytes === undefined ? undefined : Number(bytes);
}

function verdict(ratio: number, atLeast: number, what: string): void {
  console.log(
    `    ${ratio >= atLeast ? 'reached' : 'MISSED'}  ${ratio.toFixed(1)} ${what}, at least ${atLeast} wanted`,
  );
}

function columns(texts: readonly string[]): string {
  return texts.map((text) => text.padStart(16)).join('');
}

function inMicroseconds(time: number): string {
  return `${time.toFixed(1)} µs`;
}
