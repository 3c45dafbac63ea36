/** Tables that the conformance statements have in common. */
import { TransferSyntax } from '../../packages/dimse/src/dataset/transfer-syntax.generated.ts';
import {
  generalStatuses,
  modalityWorklistStatuses,
  printManagementStatuses,
  procedureStepStatuses,
  queryRetrieveFindStatuses,
  queryRetrieveGetStatuses,
  queryRetrieveMoveStatuses,
  type StatusDefinition,
  storageStatuses,
  unifiedProcedureStepStatuses,
} from '../../packages/dimse/src/status.generated.ts';
import { rejections } from '../../packages/ul/src/core/reasons.ts';
import { readUids } from './input.ts';

/** The name of a UID in PS3.6, `''` for one that is not there. */
export function uidName(uid: string): string {
  return names.get(uid) ?? '';
}

/** SOP classes or transfer syntaxes with their names. */
export function uidTable(what: string, uids: readonly string[]): string {
  return table(
    [what, 'UID'],
    uids.map((uid) => [uidName(uid), uid]),
  );
}

/** Every transfer syntax that is known. */
export function transferSyntaxTable(): string {
  return uidTable('transfer syntax', Object.values(TransferSyntax));
}

/** Why an association is rejected. */
export function rejectionTable(): string {
  return table(
    ['result', 'source', 'reason', 'when'],
    Object.entries(rejections).map(([name, { result, source, reason }]) => [
      String(result),
      String(source),
      String(reason),
      name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
    ]),
  );
}

/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Messages of a service: what the standard gives to the SOP classes of N-services, whose providers are handed all requests so as to answer 0211 to others. PS3.4 F, J, CC, H. */
export function messagesOf(name: string, requests: readonly string[]): string {
  return (normalized[name] ?? requests).map((request) => request.replace(/-RQ$/, '')).join(', ');
}

const names = new Map(readUids().rows.map(({ uid, name }) => [uid, name]));

const normalized: Readonly<Record<string, readonly string[]>> = {
  mpps: ['N-CREATE', 'N-SET', 'N-GET'],
  'storage-commitment': ['N-ACTION', 'N-EVENT-REPORT'],
  ups: ['N-CREATE', 'N-SET', 'N-GET', 'N-ACTION', 'N-EVENT-REPORT', 'C-FIND'],
  print: ['N-CREATE', 'N-SET', 'N-GET', 'N-ACTION', 'N-DELETE'],
};

/** Statuses by service. */
export function statusTables(): string {
  const lists: readonly (readonly [string, readonly StatusDefinition[]])[] = [
    ['Any service', generalStatuses],
    ['Storage', storageStatuses],
    ['Query (C-FIND)', queryRetrieveFindStatuses],
    ['Retrieval (C-GET)', queryRetrieveGetStatuses],
    ['Retrieval (C-MOVE)', queryRetrieveMoveStatuses],
    ['Modality worklist', modalityWorklistStatuses],
    ['Modality performed procedure step', procedureStepStatuses],
    ['Unified procedure step', unifiedProcedureStepStatuses],
    ['Print', printManagementStatuses],
  ];
  return lists
    .map(([title, rows]) => `### ${title}\n\n${table(['status', 'category', 'meaning'], rows.map(row))}`)
    .join('\n\n');
}

function row({ code, codeEnd, category, meaning }: StatusDefinition): readonly string[] {
  const range = code === codeEnd ? hex(code) : `${hex(code)} to ${hex(codeEnd)}`;
  return [range, category, meaning.replaceAll('|', '\\|')];
}

function hex(code: number): string {
  return code.toString(16).toUpperCase().padStart(4, '0');
}
