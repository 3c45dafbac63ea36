/**
 * A program that makes a data directory of the demo SCP with a planned archive in it: rows by the code that the server itself writes them
 * with, and a file for each, or start-up would find it missing. Files are names of a few objects only, since nobody reads them.
 *
 * It is bundled before it is run: the demo SCP's sources are no package.
 */
import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InstanceIndex } from '../../../apps/demo-scp/src/archive/instance-index.js';
import { layoutOf } from '../../../apps/demo-scp/src/archive/layout.js';
import { placeOf } from '../../../apps/demo-scp/src/archive/placement.js';
import type { InstanceRecord } from '../../../apps/demo-scp/src/archive/record.js';
import { planOf, seriesOf, sopInstanceUidOf, studyOf } from './planned-archive.ts';

const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2';
const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';

/** Rows in one transaction: series stay together. */
const ROWS_AT_ONCE = 5000;
/** File systems allow 65,000 names or so. */
const NAMES_OF_A_FILE = 50_000;

const [directory = '', instances = '0'] = process.argv.slice(2);
generate(directory, Number(instances));

function generate(dataDirectory: string, count: number): void {
  const plan = planOf(count);
  const layout = layoutOf(dataDirectory);
  mkdirSync(layout.objects, { recursive: true });
  const index = InstanceIndex.open(layout.index);
  const content = Buffer.alloc(1000);
  let records: InstanceRecord[] = [];
  let names = 0;
  let original = '';
  const write = () => {
    index.put(records);
    records = [];
  };
  for (let study = 0; study < plan.studies; study++) {
    for (let series = 0; series < plan.seriesPerStudy; series++) {
      for (let instance = 0; instance < plan.instancesPerSeries; instance++) {
        const record = recordOf(study, series, instance, content.byteLength);
        const path = join(dataDirectory, record.path);
        if (instance === 0) mkdirSync(dirname(path), { recursive: true });
        if (names % NAMES_OF_A_FILE === 0) writeFileSync(path, content);
        else linkSync(original, path);
        if (names % NAMES_OF_A_FILE === 0) original = path;
        names += 1;
        records.push(record);
      }
    }
    if (records.length >= ROWS_AT_ONCE) write();
  }
  write();
  index.close();
}

function recordOf(study: number, series: number, instance: number, byteLength: number): InstanceRecord {
  const sopInstanceUid = sopInstanceUidOf(study, series, instance);
  const attributes = { ...studyOf(study), ...seriesOf(study, series), instanceNumber: String(instance + 1) };
  return {
    sopClassUid: CT_IMAGE_STORAGE,
    sopInstanceUid,
    transferSyntax: EXPLICIT_VR_LITTLE_ENDIAN,
    callingAeTitle: 'BENCH',
    receivedAt: '2026-01-31T12:00:00.000Z',
    byteLength,
    path: placeOf(sopInstanceUid, attributes),
    attributes,
  };
}
