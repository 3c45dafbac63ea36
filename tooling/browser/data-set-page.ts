// The script of a page: it gets a Part 10 file, reads, changes and writes it, and gives back what came out.

import {
  encodePart10,
  fromDicomJson,
  parsePart10,
  readPart10,
  stringifyDicomJson,
  toDicomJson,
} from '@dicomwire/dimse/dataset';

declare global {
  interface Window {
    /** Reads a file, writes it as it is, changed, in another transfer syntax, and as DICOM JSON. */
    rewrite(octets: readonly number[], change: Change): Promise<Rewritten>;
  }
}

/** What is done to a file. */
export interface Change {
  /** An element that becomes another text. */
  readonly keyword: 'PatientID';
  readonly text: string;
  /** Transfer syntax of the last copy. */
  readonly transferSyntaxUid: string;
}

/** What the page makes of a file. */
export interface Rewritten {
  readonly transferSyntaxUid: string;
  readonly patientName: string | undefined;
  readonly rows: number | undefined;
  readonly pixelBytes: number;
  /** Written without a change. */
  readonly same: readonly number[];
  /** Written with the change. */
  readonly changed: readonly number[];
  /** Written without the change in the other transfer syntax. */
  readonly converted: readonly number[];
  readonly json: string;
  /** The name after DICOM JSON was read again. */
  readonly nameFromJson: string | undefined;
  /** The name as it was read from a stream that stopped before the pixels. */
  readonly nameFromStream: string | undefined;
}

window.rewrite = async (octets, { keyword, text, transferSyntaxUid }) => {
  const bytes = Uint8Array.from(octets);
  const { dataSet, meta } = parsePart10(bytes);
  const changed = dataSet.clone().set(keyword, text);
  const json = stringifyDicomJson(toDicomJson(dataSet));
  const begun = await readPart10(new Blob([bytes]), { stopBefore: 0x7fe00010 });
  return {
    transferSyntaxUid: meta.transferSyntaxUid ?? '',
    patientName: dataSet.get('PatientName'),
    rows: dataSet.get('Rows'),
    pixelBytes: dataSet.bytes('PixelData')?.length ?? 0,
    same: [...encodePart10(dataSet, { ...meta, transferSyntaxUid: meta.transferSyntaxUid ?? '' })],
    changed: [...encodePart10(changed, { ...meta, transferSyntaxUid: meta.transferSyntaxUid ?? '' })],
    converted: [...encodePart10(dataSet, { ...meta, transferSyntaxUid })],
    json,
    nameFromJson: fromDicomJson(JSON.parse(json)).get('PatientName'),
    nameFromStream: begun.dataSet.get('PatientName'),
  };
};
