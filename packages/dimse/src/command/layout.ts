/**
 * What encoder and decoder look up: the fields of each message in order of tag, and messages by command field.
 */
import { COMMAND_FIELD_TAG, COMMAND_FIELDS, type CommandFieldName, DATA_SET_TYPE_TAG } from './fields.js';
import { MESSAGES, type MessageDescription, UNKNOWN_MESSAGE } from './messages.js';
import type { MessageType, RequestType, ResponseType } from './types.js';

/** A message as encoder and decoder see it. */
export interface MessageLayout {
  readonly description: Omit<MessageDescription, 'commandField'>;
  /** Its fields in order of tag. */
  readonly fields: readonly CommandFieldName[];
  /** The same, with the two elements that every command set has. */
  readonly order: readonly LayoutElement[];
  /** Its fields by tag. */
  readonly fieldsByTag: ReadonlyMap<number, CommandFieldName>;
}

/** An element of a message. */
export interface LayoutElement {
  readonly tag: number;
  readonly name: CommandFieldName | 'commandField' | 'commandDataSetType';
}

const UNKNOWN_LAYOUT = layoutOf(UNKNOWN_MESSAGE);
const LAYOUTS = new Map<MessageType, MessageLayout>();
const TYPES_BY_COMMAND_FIELD = new Map<number, MessageType>();
for (const [type, description] of Object.entries(MESSAGES)) {
  if (!isMessageType(type)) continue;
  LAYOUTS.set(type, layoutOf(description));
  TYPES_BY_COMMAND_FIELD.set(description.commandField, type);
}

/** The layout of a message. */
export function messageLayout(type: MessageType | 'unknown'): MessageLayout {
  return type === 'unknown' ? UNKNOWN_LAYOUT : (LAYOUTS.get(type) ?? UNKNOWN_LAYOUT);
}

/** The message with this command field; `undefined` when the standard defines none. */
export function messageTypeOf(commandField: number): MessageType | undefined {
  return TYPES_BY_COMMAND_FIELD.get(commandField);
}

/** True for the name of a message. */
export function isMessageType(type: string): type is MessageType {
  return Object.hasOwn(MESSAGES, type);
}

/** True for the name of a request that is answered by responses. */
export function isRequestType(type: string): type is RequestType {
  return isMessageType(type) && type.endsWith('-RQ') && type !== 'C-CANCEL-RQ';
}

/** True for the name of a response. */
export function isResponseType(type: string): type is ResponseType {
  return isMessageType(type) && type.endsWith('-RSP');
}

/** Bit 15 of the command field of every response. */
export const RESPONSE_BIT = 0x8000;

/** The response that answers a request. */
export function responseTypeOf(type: RequestType): ResponseType {
  const response = TYPES_BY_COMMAND_FIELD.get(MESSAGES[type].commandField | RESPONSE_BIT);
  if (response === undefined || !isResponseType(response)) throw new TypeError(`${type} has no response`);
  return response;
}

function layoutOf(description: Omit<MessageDescription, 'commandField'>): MessageLayout {
  const fields = [...description.required, ...description.optional].sort(
    (a, b) => COMMAND_FIELDS[a].tag - COMMAND_FIELDS[b].tag,
  );
  const order: LayoutElement[] = fields.map((name) => ({ tag: COMMAND_FIELDS[name].tag, name }));
  order.push({ tag: COMMAND_FIELD_TAG, name: 'commandField' }, { tag: DATA_SET_TYPE_TAG, name: 'commandDataSetType' });
  order.sort((a, b) => a.tag - b.tag);
  return { description, fields, order, fieldsByTag: new Map(fields.map((name) => [COMMAND_FIELDS[name].tag, name])) };
}
