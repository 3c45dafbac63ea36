/** dcmjs: reads and writes, values and all. */
import { createRequire } from 'node:module';
import { type Contender, TAGS } from './contender.ts';
import { headerValues, type ImageValues, imageValues } from './image-values.ts';

/** As far as it is used here; it comes without types. */
interface Dcmjs {
  readonly data: {
    readonly DicomMessage: { readFile(bytes: ArrayBufferLike): DcmjsFile };
    readonly DicomDict: new (meta: unknown) => DcmjsFile;
    readonly DicomMetaDictionary: { denaturalizeDataset(values: unknown): unknown };
  };
  readonly log: DcmjsLogger & { getLoggers(): Readonly<Record<string, DcmjsLogger>> };
}

interface DcmjsFile {
  dict: unknown;
  write(): ArrayBuffer;
  upsertTag(tag: string, vr: string, values: unknown): void;
}

interface DcmjsLogger {
  setLevel(level: 'silent'): void;
}

const dcmjs: Dcmjs = createRequire(import.meta.url)('dcmjs');
for (const logger of [dcmjs.log, ...Object.values(dcmjs.log.getLoggers())]) logger.setLevel('silent');
const { DicomDict, DicomMessage, DicomMetaDictionary } = dcmjs.data;

const keys = TAGS.map((tag) => tag.toString(16).toUpperCase().padStart(8, '0'));
const image = imageValues();
const header = headerValues();

export const contender: Contender = {
  read,
  readAll: read,
  write: () => write(image),
  writeHeader: () => write(header),
  change,
};

function read(bytes: Uint8Array): number {
  const { dict } = DicomMessage.readFile(bytes.buffer);
  if (typeof dict !== 'object' || dict === null) return 0;
  return keys.filter((key) => key in dict).length;
}

function write(values: ImageValues): number {
  const file = new DicomDict(
    DicomMetaDictionary.denaturalizeDataset({
      FileMetaInformationVersion: Uint8Array.of(0, 1).buffer,
      MediaStorageSOPClassUID: values.SOPClassUID,
      MediaStorageSOPInstanceUID: values.SOPInstanceUID,
      TransferSyntaxUID: '1.2.840.10008.1.2.1',
      ImplementationClassUID: '1.2.3.4',
    }),
  );
  const natural = { ...values, PixelData: values.PixelData.buffer, _vrMap: { PixelData: 'OW' } };
  file.dict = DicomMetaDictionary.denaturalizeDataset(natural);
  return file.write().byteLength;
}

function change(bytes: Uint8Array): number {
  const file = DicomMessage.readFile(bytes.buffer);
  file.upsertTag('00100020', 'LO', ['CHANGED']);
  return file.write().byteLength;
}
