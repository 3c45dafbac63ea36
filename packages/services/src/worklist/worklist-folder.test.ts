import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataSet } from '@dicomwire/dimse';
import { encodePart10, TransferSyntax } from '@dicomwire/dimse/dataset';
import { expect, onTestFinished, test } from 'vitest';
import { memoryLine } from '../../test/memory-line.js';
import { makeDirectory } from '../../test/objects.js';
import { connect, type WorklistFolderOptions, worklist, worklistFolder } from '../index.js';

function file(patient: string, filler = 0): Uint8Array {
  return encodePart10(
    DataSet.from({
      PatientName: patient,
      ScheduledProcedureStepSequence: [{ Modality: 'CT', CommentsOnTheScheduledProcedureStep: 'x'.repeat(filler) }],
    }),
    {
      transferSyntaxUid: TransferSyntax.ExplicitVRLittleEndian,
      mediaStorageSopClassUid: '1.2.276.0.7230010.3.1.0.1',
      mediaStorageSopInstanceUid: '1.2.3',
    },
  );
}

async function scene(options: WorklistFolderOptions = {}, calledAeTitle = 'RIS') {
  const folder = makeDirectory();
  const errors: string[] = [];
  const source = worklistFolder(folder, {
    onError: (error, path) => errors.push(`${path.slice(folder.length)}: ${error.message}`),
    ...options,
  });
  const { peer } = memoryLine({ services: [worklist({ source })] });
  const client = await connect({ ...peer, calledAeTitle, services: [] });
  onTestFinished(() => client.release());
  const names = async () => (await client.worklist.find({}).toArray()).map(({ patientName }) => String(patientName));
  return {
    folder,
    errors,
    names,
    write: (name: string, bytes: Uint8Array | string) => writeFileSync(join(folder, name), bytes),
  };
}

test('serves the files of a folder, in order of their names', async () => {
  const { names, write } = await scene();
  write('b.wl', file('ROE'));
  write('a.dcm', file('DOE'));
  write('notes.txt', 'none of this');
  write('.hidden.wl', file('NOBODY'));
  write('lockfile', '');
  expect(await names()).toEqual(['DOE', 'ROE']);
});

test('notices files that are added, changed and deleted', async () => {
  const { folder, names, write } = await scene();
  expect(await names()).toEqual([]);
  write('a.wl', file('DOE'));
  write('b.wl', file('ROE'));
  expect(await names()).toEqual(['DOE', 'ROE']);
  write('a.wl', file('DOE^JANE'));
  expect(await names()).toEqual(['DOE^JANE', 'ROE']);
  rmSync(join(folder, 'b.wl'));
  expect(await names()).toEqual(['DOE^JANE']);
});

test('reports broken files once for each change, and serves the others', async () => {
  const { errors, names, write, folder } = await scene({ maxFileBytes: 10_000 });
  write('a.wl', file('DOE'));
  write('broken.wl', 'no DICOM file at all');
  write('cut.wl', file('CUT').subarray(0, 340));
  write('huge.wl', file('HUGE', 9000 + 1100));
  mkdirSync(join(folder, 'folder.wl'));
  write(
    'image.dcm',
    encodePart10(DataSet.from({ SOPClassUID: '1.2', SOPInstanceUID: '1.3', PatientName: 'IMAGE' }), {
      transferSyntaxUid: '1.2.840.10008.1.2.1',
    }),
  );
  symlinkSync('nowhere', join(folder, 'dangling.wl'));
  expect(await names()).toEqual(['DOE']);
  expect(errors.map((error) => error.split(':')[0]).sort()).toEqual([
    '/broken.wl',
    '/cut.wl',
    '/folder.wl',
    '/huge.wl',
    '/image.dcm',
  ]);
  await names();
  expect(errors).toHaveLength(5);
  write('broken.wl', file('MENDED'));
  expect(await names()).toEqual(['DOE', 'MENDED']);
  write('broken.wl', 'broken again');
  await names();
  expect(errors).toHaveLength(6);
});

test('takes no more files than it may, and says so once', async () => {
  const { errors, names, write } = await scene({ maxFiles: 2 });
  for (const name of ['c', 'a', 'b']) write(`${name}.wl`, file(name.toUpperCase()));
  expect(await names()).toEqual(['A', 'B']);
  await names();
  expect(errors).toEqual([': 3 worklist files; those after the first 2 are left out']);
});

test.each([
  ['RIS', ['DOE']],
  ['OTHER', []],
  ['..', []],
  ['.', []],
])('shows those who call %s the folder of that name', async (title, expected) => {
  const { folder, names, write } = await scene({ byCalledAeTitle: true }, title);
  mkdirSync(join(folder, 'RIS'));
  write('RIS/a.wl', file('DOE'));
  write('b.wl', file('OUTSIDE'));
  expect(await names()).toEqual(expected);
});

test('a folder that is gone is answered with C000', async () => {
  const { folder, names } = await scene();
  rmSync(folder, { recursive: true });
  await expect(names()).rejects.toMatchObject({ status: 0xc000 });
});
