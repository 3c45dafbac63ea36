/**
 * What durability means can't be seen by killing a process, since the page cache outlives it. It is seen in the order of
 * system calls: data synced before the rename, directory and index log after it, all before the answer leaves.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeObject } from '../src/testing/objects.js';
import { temporaryDirectory } from '../src/testing/temporary-directory.js';
import { Server } from './server.js';

const traced = 'fsync,fdatasync,rename,renameat,renameat2,link,linkat,write,writev,pwrite64,pwritev,sendto,sendmsg';
const hasStrace = spawnSync('strace', ['-e', 'trace=none', 'true']).status === 0;
if (!hasStrace) console.warn('SKIPPED: strace is not there or may not trace; the order of system calls was not seen');

test.skipIf(!hasStrace)('full: synced, renamed, synced, and only then answered', { timeout: 60_000 }, async () => {
  const data = temporaryDirectory();
  const log = join(temporaryDirectory(), 'strace.log');
  const wrapper = ['strace', '-f', '-qq', '-yy', '-o', log, '-e', `trace=${traced}`];
  const server = await Server.start(['--data', data, '--durability', 'full'], { wrapper });
  for (let n = 1; n <= 5; n += 1) {
    const sopInstanceUid = `1.2.3.4.${n}`;
    const seriesInstanceUid = `1.2.3.${n % 2}`;
    // The last is long enough to be written by the thread pool.
    const pixelBytes = n === 5 ? 3_000_000 : 30_000;
    const summary = await server.send(makeObject({ sopInstanceUid, seriesInstanceUid, pixelBytes }));
    expect(summary.counts.stored).toBe(1);
  }
  // strace passes the signal on to nobody: the server is asked directly.
  process.kill(serverProcess(server), 'SIGTERM');
  await server.ended;

  const calls = finishedCalls(readFileSync(log, 'utf8'));
  const renames = calls.flatMap((call, at) => (/^rename.*\/incoming\/.*\/objects\/.*\) += 0$/.test(call) ? [at] : []));
  expect(renames).toHaveLength(5);
  for (const renamed of renames) {
    const call = calls[renamed] ?? '';
    const [, temporary = '', folder = ''] = /"([^"]*\/incoming\/[^"]*)".*"([^"]*)\/[^/"]*"/.exec(call) ?? [];
    const answered = calls.findIndex((one, at) => at > renamed && isToPeer(one));
    expect(answered, `${temporary} is answered`).toBeGreaterThan(renamed);
    const after = calls.slice(renamed, answered);
    const before = calls.slice(0, renamed);
    const synced = lastIndex(before, (one) => one.startsWith('fdatasync') && one.includes(`<${temporary}>`));
    const written = lastIndex(before, (one) => /^p?writev?/.test(one) && one.includes(`<${temporary}>`));
    expect(synced, `${temporary} is synced after it was written`).toBeGreaterThan(written);
    expect(written).toBeGreaterThanOrEqual(0);
    expect(after.some((one) => one.startsWith('fsync') && one.includes(`<${folder}>`))).toBe(true);
    const isRowWritten = (one: string) => one.startsWith('pwrite') && one.includes('index.sqlite-wal>');
    const isLogSynced = (one: string) => one.startsWith('fdatasync') && one.includes('index.sqlite-wal>');
    expect(lastIndex(after, isLogSynced)).toBeGreaterThan(lastIndex(after, isRowWritten));
    expect(after.findIndex(isRowWritten)).toBeGreaterThan(after.findIndex((one) => one.startsWith('fsync')));
  }
});

function lastIndex(calls: readonly string[], isWanted: (call: string) => boolean): number {
  return calls.reduce((last, call, at) => (isWanted(call) ? at : last), -1);
}

/** The traced process: strace's child. */
function serverProcess(server: Server): number {
  const children = readFileSync(`/proc/${server.process.pid}/task/${server.process.pid}/children`, 'utf8');
  return Number(children.trim().split(' ')[0]);
}

/** Calls in the order in which they returned, each on one line, without the process number. */
function finishedCalls(log: string): string[] {
  const begun = new Map<string, string>();
  const finished: string[] = [];
  for (const line of log.split('\n')) {
    const [, thread = '', call = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    if (call.endsWith('<unfinished ...>')) begun.set(thread, call.replace(/ *<unfinished \.\.\.>$/, ''));
    else if (call.startsWith('<... '))
      finished.push(`${begun.get(thread) ?? ''}${call.replace(/^<\.\.\. \w+ resumed>/, '')}`);
    else if (call !== '') finished.push(call);
  }
  return finished;
}

/** A call that sends to a TCP peer. An answer that is sent begins after everything that returned before. */
function isToPeer(call: string): boolean {
  return /^(write|writev|sendto|sendmsg)\(\d+<TCP/.test(call);
}
