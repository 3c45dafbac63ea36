/** An archive's listing as text for people: a line per study, series and instance. */
import type { ArchiveListing, ListedInstance, ListedSeries, ListedStudy } from '../archive/listing.js';
import { printable } from './printable.js';

/** Lines of the listing, each with its line break. */
export function* listingLines(listing: ArchiveListing): IterableIterator<string> {
  for (const study of listing.studies) {
    yield line(0, ...studyWords(study));
    for (const series of study.series) {
      yield line(1, ...seriesWords(series));
      for (const instance of series.instances) yield line(2, ...instanceWords(instance));
    }
  }
  if (listing.unfiled.length > 0) yield line(0, 'Without a study');
  for (const instance of listing.unfiled) yield line(2, ...instanceWords(instance));
  if (listing.missing.length > 0) yield line(0, 'Indexed, but the file is gone');
  for (const instance of listing.missing) yield line(2, ...instanceWords(instance));
  yield line(0, summary(listing));
}

function line(depth: number, ...words: string[]): string {
  return `${'  '.repeat(depth)}${words
    .filter((word) => word !== '')
    .map(printable)
    .join('  ')}\n`;
}

function studyWords(study: ListedStudy): string[] {
  return [
    study.patientName || '(no name)',
    study.patientId && `ID ${study.patientId}`,
    study.studyDate,
    study.studyDescription,
    study.studyInstanceUid,
  ];
}

function seriesWords(series: ListedSeries): string[] {
  return [
    `Series ${series.seriesNumber || '-'}`,
    series.modality,
    series.seriesDescription,
    counted(series.instances.length, 'instance'),
    series.seriesInstanceUid,
  ];
}

function instanceWords(instance: ListedInstance): string[] {
  return [
    (instance.instanceNumber || '-').padStart(4),
    instance.path,
    `${instance.byteLength} bytes`,
    instance.transferSyntax,
    instance.callingAeTitle && `from ${instance.callingAeTitle}`,
    instance.receivedAt,
  ];
}

function summary({ studies, unfiled }: ArchiveListing): string {
  const series = studies.flatMap((study) => study.series);
  const instances = series.reduce((sum, one) => sum + one.instances.length, unfiled.length);
  return `${counted(studies.length, 'study', 'studies')}, ${counted(series.length, 'series', 'series')}, ${counted(instances, 'instance')}`;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
