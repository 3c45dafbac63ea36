/**
 * Real clients against the demo SCP. Some of them encode a data set anew before they send it; so what the demo SCP keeps
 * is compared with what DCMTK's bit-preserving storescp keeps of the same client and the same files.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { EVERY_SYNTAX, realSample, SYNTAXES, type SyntaxName, UNCOMPRESSED, writeSample } from './corpus/sample.ts';
import { orthancProgram } from './peers/availability.ts';
import { startStorescp } from './peers/dcmtk.ts';
import { type DemoScp, startDemoScp } from './peers/dicomwire.ts';
import { startOrthanc } from './peers/orthanc.ts';
import { type ProcessEnd, run } from './peers/process.ts';
import { runPynetdicom } from './peers/pynetdicom.ts';
import type { StoragePeer } from './peers/storage-peer.ts';
import { type TemporaryDirectory, temporaryDirectory } from './peers/temporary-directory.ts';
import { describeWith } from './with-peers.ts';

let directory: TemporaryDirectory;
let demo: DemoScp;
let reference: StoragePeer;

beforeAll(async () => {
  directory = await temporaryDirectory('peers-to-ours');
});

afterAll(() => directory.remove());

/** Both servers, for the tests that compare them. */
function withServers(): void {
  beforeEach(async () => {
    demo = await startDemoScp();
    reference = await startStorescp();
    return async () => {
      await demo.stop();
      await reference.stop();
    };
  });
}

describeWith(['DCMTK'], 'DCMTK', () => {
  withServers();

  test('echoscu is answered, many times on one association', async () => {
    expect(await run('echoscu', ['--repeat', '20', '127.0.0.1', String(demo.port)])).toMatchObject({ exitCode: 0 });
  });

  const STORESCU_OPTIONS: Readonly<Record<SyntaxName, string>> = {
    implicit: '-xi',
    explicit: '-xe',
    bigEndian: '-xb',
    deflated: '-xd',
    jpegBaseline: '-xy',
    jpegLossless: '-xs',
    jpegLs: '-xt',
    jpeg2000: '-xv',
    rle: '-xr',
  };

  test.each(EVERY_SYNTAX)('storescu delivers: %s', async (kind) => {
    const paths = await writeSample(directory.path, [kind]);
    await expectTheSameFromBoth(paths.length, (port) =>
      run('storescu', ['--max-send-pdu', '131072', STORESCU_OPTIONS[kind], '127.0.0.1', String(port), ...paths]),
    );
    expect(await demo.list()).toMatchObject([{ transferSyntax: SYNTAXES[kind], callingAeTitle: 'STORESCU' }]);
  });

  test('dcmsend delivers everything on one association', async () => {
    const paths = [...(await writeSample(directory.path, EVERY_SYNTAX)), ...realSample()];
    await expectTheSameFromBoth(paths.length, (port) =>
      run('dcmsend', ['--decompress-never', '127.0.0.1', String(port), ...paths]),
    );
  });

  test('storescu and dcmsend at once, several of each, lose nothing', async () => {
    const directories = await Promise.all(Array.from({ length: 6 }, () => temporaryDirectory('several')));
    const ends = await Promise.all(
      directories.map(async ({ path }, index) => {
        const paths = await writeSample(path, UNCOMPRESSED);
        return run(index % 2 === 0 ? 'storescu' : 'dcmsend', ['127.0.0.1', String(demo.port), ...paths]);
      }),
    );
    await Promise.all(directories.map((one) => one.remove()));
    expect(ends.map((end) => end.exitCode)).toEqual(ends.map(() => 0));
    expect(await demo.list()).toHaveLength(6 * UNCOMPRESSED.length);
  });
});

describeWith(['DCMTK', 'pynetdicom'], 'pynetdicom', () => {
  withServers();

  test('echoscu is answered', async () => {
    expect(await runPynetdicom('echoscu', ['127.0.0.1', String(demo.port)])).toMatchObject({ exitCode: 0 });
  });

  test('storescu delivers', async () => {
    const kinds = ['implicit', 'explicit', 'jpegBaseline', 'rle'] as const;
    const paths = [...(await writeSample(directory.path, kinds)), ...realSample(['CT_small.dcm', 'JPEG2000.dcm'])];
    await expectTheSameFromBoth(paths.length, async (port) => {
      // It proposes all transfer syntaxes of a SOP class in one context, so each file goes on an association of its own.
      let end: ProcessEnd | undefined;
      for (const path of paths) {
        end = await runPynetdicom('storescu', ['-cx', '127.0.0.1', String(port), path]);
        expect(end, path).toMatchObject({ exitCode: 0 });
      }
      return end;
    });
  });
});

describeWith(['DCMTK', 'Orthanc'], 'Orthanc', () => {
  withServers();

  test('its echo and its "store to modality" are answered', async () => {
    const orthanc = await startOrthanc(orthancProgram(), { demo, reference });
    try {
      const paths = [...(await writeSample(directory.path, EVERY_SYNTAX)), ...realSample()];
      const ids = await orthanc.upload(paths);
      await orthanc.echoModality('demo');
      await orthanc.storeToModality('demo', ids);
      await orthanc.storeToModality('reference', ids);
      await expectTheSameInBoth(new Set(ids).size);
    } finally {
      await orthanc.stop();
    }
  });
});

async function expectTheSameFromBoth(
  objects: number,
  send: (port: number) => Promise<ProcessEnd | undefined>,
): Promise<void> {
  expect(await send(reference.port), 'the reference').toMatchObject({ exitCode: 0 });
  expect(await send(demo.port)).toMatchObject({ exitCode: 0 });
  await expectTheSameInBoth(objects);
}

async function expectTheSameInBoth(objects: number): Promise<void> {
  const [kept, expected] = [await demo.received(), await reference.received()];
  expect(kept.size).toBe(objects);
  expect([...kept.keys()].sort()).toEqual([...expected.keys()].sort());
  for (const [uid, { transferSyntax, dataSet }] of expected) {
    expect(kept.get(uid)?.transferSyntax, uid).toBe(transferSyntax);
    expect(kept.get(uid)?.dataSet.equals(dataSet), uid).toBe(true);
  }
}
