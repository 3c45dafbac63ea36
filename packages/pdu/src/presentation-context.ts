import type { Cursor } from './cursor.js';
import { ACCEPT_ITEMS, CONTEXT_RESULT_ITEMS, PROPOSED_CONTEXT_ITEMS, REQUEST_ITEMS } from './item-kinds.js';
import type { PresentationContextResult, ProposedPresentationContext, UnknownItem } from './types.js';
import type { Writer } from './writer.js';

/** Proposed presentation context (20H): ID, three reserved bytes, abstract syntax (30H), transfer syntaxes (40H). */
export function readProposedContext(cursor: Cursor, ids: boolean[]): ProposedPresentationContext {
  const id = readContextId(cursor, ids);
  cursor.take('reserved', 3);
  let abstractSyntax: string | undefined;
  const transferSyntaxes: string[] = [];
  const unknownItems: UnknownItem[] = [];
  cursor.items(PROPOSED_CONTEXT_ITEMS, (itemType) => {
    if (itemType === 0x30) abstractSyntax = cursor.uid('uid');
    else if (itemType === 0x40) transferSyntaxes.push(cursor.uid('uid'));
    else unknownItems.push(cursor.unknownItem(itemType));
  });
  if (abstractSyntax === undefined) throw cursor.error('missing-item', 'abstractSyntax', 'is not there');
  if (transferSyntaxes.length === 0) throw cursor.error('missing-item', 'transferSyntax', 'is not there');
  const context = { id, abstractSyntax, transferSyntaxes };
  return unknownItems.length > 0 ? { ...context, unknownItems } : context;
}

/** Result of a presentation context (21H): ID, reserved, result, reserved, transfer syntax (40H), which some peers omit. */
export function readContextResult(cursor: Cursor, ids: boolean[]): PresentationContextResult {
  const id = readContextId(cursor, ids);
  cursor.take('reserved', 1);
  const result = cursor.u8('result');
  cursor.take('reserved', 1);
  let transferSyntax: string | undefined;
  const unknownItems: UnknownItem[] = [];
  cursor.items(CONTEXT_RESULT_ITEMS, (itemType) => {
    if (itemType === 0x40) transferSyntax = cursor.uid('uid');
    else unknownItems.push(cursor.unknownItem(itemType));
  });
  const context = { id, result, transferSyntax };
  return unknownItems.length > 0 ? { ...context, unknownItems } : context;
}

/** Writes presentation context items of a request. */
export function writeProposedContexts(writer: Writer, contexts: readonly ProposedPresentationContext[]): void {
  const ids: boolean[] = [];
  contexts.forEach((context, index) => {
    writer.item(REQUEST_ITEMS, 0x20, index, () => {
      writeContextId(writer, context.id, ids);
      writer.zeros(3);
      if (context.transferSyntaxes.length === 0) throw writer.error('missing-item', 'transferSyntax', 'is not there');
      writer.item(PROPOSED_CONTEXT_ITEMS, 0x30, undefined, () => writer.uid('uid', context.abstractSyntax));
      context.transferSyntaxes.forEach((uid, position) => {
        writer.item(PROPOSED_CONTEXT_ITEMS, 0x40, position, () => writer.uid('uid', uid));
      });
      writer.unknownItems(PROPOSED_CONTEXT_ITEMS, context.unknownItems);
    });
  });
}

/** Writes presentation context items of an acceptance. */
export function writeContextResults(writer: Writer, results: readonly PresentationContextResult[]): void {
  const ids: boolean[] = [];
  results.forEach(({ id, result, transferSyntax, unknownItems }, index) => {
    writer.item(ACCEPT_ITEMS, 0x21, index, () => {
      writeContextId(writer, id, ids);
      writer.zeros(1);
      writer.uint('result', result, 1);
      writer.zeros(1);
      if (transferSyntax !== undefined) {
        writer.item(CONTEXT_RESULT_ITEMS, 0x40, undefined, () => writer.uid('uid', transferSyntax));
      }
      writer.unknownItems(CONTEXT_RESULT_ITEMS, unknownItems);
    });
  });
}

function readContextId(cursor: Cursor, ids: boolean[]): number {
  const at = cursor.at;
  const id = cursor.u8('id');
  if (id % 2 === 0) throw cursor.error('invalid-context-id', 'id', `${id} is even`, at);
  if (ids[id]) throw cursor.error('duplicate-context-id', 'id', `${id} is there twice`, at);
  ids[id] = true;
  return id;
}

function writeContextId(writer: Writer, id: number, ids: boolean[]): void {
  if (!(Number.isInteger(id) && id > 0 && id < 256 && id % 2 === 1)) {
    throw writer.error('invalid-context-id', 'id', `${id} is not odd and within 1 to 255`);
  }
  if (ids[id]) throw writer.error('duplicate-context-id', 'id', `${id} is there twice`);
  ids[id] = true;
  writer.uint('id', id, 1);
}
