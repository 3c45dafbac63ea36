/** Peers that take no compressed transfer syntax get decompressed objects, with the samples that DCMTK finds in them. PS3.5 8.2 and 10. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDataSet, parsePart10, TransferSyntax } from '@dicomwire/dimse/dataset';
import { connect, createScp, move } from '@dicomwire/services';
import { jpeg, jpeg2000, jpegLossless, jpegLs } from '@dicomwire/services/codecs';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { readCorpus, SHARED_FILES } from './corpus/corpus.ts';
import { startStorescp } from './peers/dcmtk.ts';
import { run } from './peers/process.ts';
import { type TemporaryDirectory, temporaryDirectory } from './peers/temporary-directory.ts';
import { describeWith } from './with-peers.ts';

const { ExplicitVRLittleEndian, ImplicitVRLittleEndian } = TransferSyntax;
const codecs = [jpeg(), jpegLs(), jpeg2000(), jpegLossless()];

/** Each with the program of DCMTK that decompresses it. */
const files: readonly (readonly [name: string, program: string])[] = [
  ['MR_small_RLE.dcm', 'dcmdrle'],
  ['SC_rgb_rle_2frame.dcm', 'dcmdrle'],
  ['SC_rgb_jpeg_dcmtk.dcm', 'dcmdjpeg'],
  ['SC_rgb_jpeg_gdcm.dcm', 'dcmdjpeg'],
  ['MR_small_jpeg_ls_lossless.dcm', 'dcmdjpls'],
  ['emri_small_jpeg_ls_lossless.dcm', 'dcmdjpls'],
];

let directory: TemporaryDirectory;
beforeAll(async () => {
  directory = await temporaryDirectory('decompressed');
});
afterAll(() => directory.remove());

const paths = files.map(([name]) => join(SHARED_FILES, name));

/** Pixel data as DCMTK decompresses it, by SOP instance UID. */
async function pixelsByDcmtk(): Promise<Map<string, Buffer>> {
  const pixels = new Map<string, Buffer>();
  for (const [name, program] of files) {
    const output = join(directory.path, name);
    const { exitCode } = await run(program, [join(SHARED_FILES, name), output]);
    expect(exitCode, name).toBe(0);
    const { dataSet } = parsePart10(readFileSync(output));
    pixels.set(dataSet.get('SOPInstanceUID') ?? '', Buffer.from(dataSet.get('PixelData') ?? []));
  }
  return pixels;
}

if (!existsSync(SHARED_FILES)) console.warn(`SKIPPED decompression on the way: ${SHARED_FILES} is not there`);
const describeWithFiles = existsSync(SHARED_FILES) ? describeWith : () => undefined;

describeWithFiles(['DCMTK'], 'a peer that takes uncompressed objects alone', () => {
  test.each([
    ['--prefer-little', ExplicitVRLittleEndian],
    ['--implicit', ImplicitVRLittleEndian],
  ])('storescp %s gets what it can read from C-STORE', async (option, transferSyntaxUid) => {
    const peer = await startStorescp({ accepts: option });
    onTestFinished(() => peer.stop());
    await using client = await connect({
      host: '127.0.0.1',
      port: peer.port,
      calledAeTitle: peer.aeTitle,
      callingAeTitle: 'OURS',
      services: [],
    });
    // 12 bits of JPEG, which none of the codecs does.
    const summary = await client.store([...paths, join(SHARED_FILES, 'JPGExtended.dcm')], { codecs });
    expect(summary.counts).toMatchObject({ stored: files.length, 'not-sent': 1 });
    expect(summary.results.at(-1)).toMatchObject({ outcome: 'not-sent', reason: 'not-convertible' });
    await expectPixels(await peer.received(), transferSyntaxUid);
  });

  test('storescp gets what it can read from our C-MOVE, and what it can not is counted as failed', async () => {
    const peer = await startStorescp({ accepts: '--implicit' });
    onTestFinished(() => peer.stop());
    const all = [...paths, join(SHARED_FILES, 'JPGExtended.dcm')];
    const { storable } = readCorpus(SHARED_FILES);
    const source = {
      instances: () =>
        storable
          .filter(({ path }) => all.includes(path))
          .map(({ path, sopClassUid, sopInstanceUid, transferSyntax }) => ({
            path,
            sopClassUid,
            sopInstanceUid,
            transferSyntaxUid: transferSyntax,
          })),
    };
    const peers = { DEST: { host: '127.0.0.1', port: peer.port } };
    const scp = createScp({ aeTitle: 'OURS', services: [move({ source, peers, codecs })] });
    onTestFinished(() => scp.close());
    const { port } = await scp.listen({ host: '127.0.0.1', port: 0 });
    const keys = ['-k', 'QueryRetrieveLevel=STUDY', '-k', 'StudyInstanceUID=1.2.3'];
    const { stderr, stdout } = await run('movescu', [
      '-v',
      '-S',
      '-aec',
      'OURS',
      '-aem',
      'DEST',
      '127.0.0.1',
      String(port),
      ...keys,
    ]);
    expect(stdout + stderr).toContain('SubOperationsCompleteOneOrMoreFailures');
    await expectPixels(await peer.received(), ImplicitVRLittleEndian);
  });
});

async function expectPixels(
  received: Awaited<ReturnType<Awaited<ReturnType<typeof startStorescp>>['received']>>,
  uid: string,
) {
  const expected = await pixelsByDcmtk();
  expect([...received.keys()].sort()).toEqual([...expected.keys()].sort());
  for (const [sopInstanceUid, { dataSet, transferSyntax }] of received) {
    expect(transferSyntax).toBe(uid);
    const pixels = Buffer.from(parseDataSet(dataSet, transferSyntax).get('PixelData') ?? []);
    // DCMTK leaves an odd length odd.
    expect(
      pixels.subarray(0, expected.get(sopInstanceUid)?.length).equals(expected.get(sopInstanceUid) ?? Buffer.of()),
    ).toBe(true);
  }
}
