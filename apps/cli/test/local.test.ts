import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writePart10 } from './part10-file.js';
import { jsonLines, runCli } from './run-cli.js';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'dicomwire-cli-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

function write(content: string | Uint8Array): string {
  const path = join(directory, `input-${readdirSync(directory).length}`);
  writeFileSync(path, content);
  return path;
}

/** A-ASSOCIATE-RJ: called AE title not recognized. PS3.8 9.3.4. */
const rejection = Buffer.from('03000000000400010107', 'hex');

describe('dicomwire dump', () => {
  test('goes on after a file that is none', async () => {
    const path = join(directory, 'ct');
    writePart10(path, { sopInstanceUid: '2.25.1' });
    const end = await runCli('dump', write('no DICOM'), path);
    expect(end.exitCode).toBe(1);
    expect(end.stdout).toMatch(/\(0008,0018\) UI \[2\.25\.1\]/);
    expect(end.stderr).toMatch(/This is no DICOM file.*\n {2}→/);
  });

  test('--json prints DICOM JSON', async () => {
    const path = join(directory, 'ct');
    writePart10(path, { sopInstanceUid: '2.25.1' });
    const end = await runCli('dump', '--json', path);
    expect(end).toMatchObject({ exitCode: 0, stderr: '' });
    expect(jsonLines(end.stdout)).toMatchObject([{ '00080018': { vr: 'UI', Value: ['2.25.1'] } }]);
  });
});

describe('dicomwire annotate', () => {
  test.each([
    ['bytes', rejection],
    ['digits', '03 00 00000004 # a rejection\n00 01 01 07\n'],
    ['hexdump -C', '00000000  03 00 00 00 00 04 00 01  01 07  |..........|\n0000000a\n'],
    ['xxd', '00000000: 0300 0000 0004 0001 0107                 ..........\n'],
  ])('explains %s', async (_form, content) => {
    const end = await runCli('annotate', write(content));
    expect(end).toMatchObject({ exitCode: 0, stderr: '' });
    expect(end.stdout).toContain('called AE title not recognized (7)');
  });

  test('puts the TCP streams of a capture together, whatever the order of segments', async () => {
    const segments = [rejection.subarray(6), rejection.subarray(0, 4), rejection.subarray(2, 6)];
    const packets = [packet(1006, segments[0]), packet(1000, segments[1]), packet(1002, segments[2])];
    const end = await runCli('annotate', write(pcap([packet(999, Buffer.alloc(0), true), ...packets])));
    expect(end).toMatchObject({ exitCode: 0, stderr: '' });
    expect(end.stdout).toMatch(/^# 10\.0\.0\.1:104 → 10\.0\.0\.2:5000 {2}1970-01-01T00:00:00\.000000000Z\n/);
    expect(end.stdout).toContain('called AE title not recognized (7)');
  });

  test('what is no PDU is said to be none', async () => {
    expect(await runCli('annotate', write('zz'))).toMatchObject({ exitCode: 2, stdout: '' });
    expect(await runCli('annotate', write(rejection.subarray(0, 8)))).toMatchObject({ exitCode: 1 });
  });
});

/** A packet of raw IPv4 with TCP in it. */
function packet(sequence: number, bytes: Buffer = Buffer.alloc(0), isSyn = false): Buffer {
  const headers = Buffer.alloc(40);
  headers[0] = 0x45;
  headers.writeUInt16BE(40 + bytes.length, 2);
  headers[9] = 6;
  headers.set([10, 0, 0, 1, 10, 0, 0, 2], 12);
  headers.writeUInt16BE(104, 20);
  headers.writeUInt16BE(5000, 22);
  headers.writeUInt32BE(sequence, 24);
  headers[32] = 0x50;
  headers[33] = isSyn ? 2 : 16;
  return Buffer.concat([headers, bytes]);
}

/** LINKTYPE_RAW. */
function pcap(packets: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4);
  header.writeUInt32LE(101, 20);
  const records = packets.flatMap((each) => {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(each.length, 8);
    record.writeUInt32LE(each.length, 12);
    return [record, each];
  });
  return Buffer.concat([header, ...records]);
}
