/** Objects larger than memory ought to care about: streamed through our store client and the demo SCP. */
import { existsSync, statfsSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { freshUid } from './corpus/generated.ts';
import { splitPart10 } from './corpus/part10.ts';
import { streamByteLength, whatDiffers } from './memory/generated-stream.ts';
import { peakResidentBytes } from './memory/peak.ts';
import { startDemoScp } from './peers/dicomwire.ts';
import { run } from './peers/process.ts';

const MEGABYTE = 1_000_000;
/** In fragments of 1 MiB: 300 MB, and more than 2^32 bytes. */
const MODERATE = 290;
const LARGE = 4100;
const MOST_RESIDENT_BYTES = 200 * MEGABYTE;
const MOST_GROWTH_BYTES = 32 * MEGABYTE;

const sender = fileURLToPath(new URL('memory/send-generated.ts', import.meta.url));

const reason = whyNot();
if (reason !== undefined) console.warn(`SKIPPED an object of 4 GB: ${reason}`);

test.skipIf(reason !== undefined)(
  `an object of 4 GB passes in the memory that one of 300 MB takes, and arrives byte for byte${reason === undefined ? '' : ` [${reason}]`}`,
  { timeout: 300_000 },
  async () => {
    const moderate = await pass(MODERATE);
    const large = await pass(LARGE);
    console.info('peak resident MB:', { moderate: inMegabytes(moderate), large: inMegabytes(large) });
    for (const role of ['client', 'server'] as const) {
      expect(large[role], role).toBeLessThan(MOST_RESIDENT_BYTES);
      expect(large[role] - moderate[role], role).toBeLessThan(MOST_GROWTH_BYTES);
    }
  },
);

/** Sends one object to a server of its own. Resolves to the peaks of both processes. */
async function pass(fragments: number): Promise<{ client: number; server: number }> {
  const uid = freshUid();
  const demo = await startDemoScp();
  try {
    const end = await run(process.execPath, [sender, String(demo.port), uid, String(fragments)], {
      timeoutMs: 240_000,
    });
    expect(end, end.stderr).toMatchObject({ exitCode: 0 });
    const report = JSON.parse(end.stdout);
    expect(report).toMatchObject({ outcomes: ['stored'], sentBytes: streamByteLength(uid, fragments) });
    const server = peakResidentBytes(demo.pid);
    const [listed] = await demo.list();
    const path = join(demo.dataDirectory, listed?.path ?? '');
    expect(await whatDiffers(path, await dataSetOffset(path), uid, fragments)).toBeUndefined();
    return { client: report.peakResidentBytes, server };
  } finally {
    await demo.stop();
  }
}

async function dataSetOffset(path: string): Promise<number> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(64_000, statSync(path).size)));
    const head = buffer.subarray(0, bytesRead);
    return head.length - (splitPart10(head)?.dataSet.length ?? 0);
  } finally {
    await file.close();
  }
}

function whyNot(): string | undefined {
  if (!existsSync('/proc/self/status')) return 'peak memory is read from /proc, which only Linux has';
  const { bavail, bsize } = statfsSync(tmpdir());
  return bavail * bsize < 6000 * MEGABYTE ? `less than 6 GB are free in ${tmpdir()}` : undefined;
}

function inMegabytes({ client, server }: { client: number; server: number }) {
  return { client: Math.round(client / MEGABYTE), server: Math.round(server / MEGABYTE) };
}
