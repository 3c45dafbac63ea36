/**
 * What encoder and decoder look up: the fields of each message in order of tag, and messages by command field.
 */
import {
  COMMAND_FIELD_TAG,
  COMMAND_FIELDS,
  type CommandFieldName,
  type CommandFieldVr,
  DATA_SET_TYPE_TAG,
} from './fields.js';
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
  readonly fieldsByTag: ReadonlyMap<number, { readonly name: CommandFieldName; readonly vr: CommandFieldVr }>;
}

/** An element of a message. */
export interface LayoutElement {
  readonly tag: number;
  readonly name: CommandFieldName | 'commandField' | 'commandDataSetType';
  readonly vr: CommandFieldVr;
  readonly isRequired: boolean;
}

const UNKNOWN_LAYOUT = layoutOf(UNKNOWN_MESSAGE);
const LAYOUTS = new Map<MessageType, MessageLayout>();
const TYPES_BY_COMMAND_FIELD = new Map<number, MessageType>();
for (const [type, description] of Object.entries(MESSAGES)) {
  if (!isMessageType(type)) continue;
  LAYOUTS.set(type, layoutOf(description));
  TYPES_BY_COMMAND_FIELD.set(description.commandField, type);
}

/** Bit 15 of the command field of every response. */
export const RESPONSE_BIT = 0x8000;

const RESPONSE_TYPES: ReadonlySet<string> = new Set(
  [...TYPES_BY_COMMAND_FIELD].filter(([field]) => field & RESPONSE_BIT).map(([, type]) => type),
);
/** Looked into for every message. C-CANCEL-RQ is not among them: it has no response. */
const RESPONSES_BY_REQUEST = new Map<string, ResponseType>();
for (const [field, type] of TYPES_BY_COMMAND_FIELD) {
  const response = TYPES_BY_COMMAND_FIELD.get(field | RESPONSE_BIT);
  if (response !== undefined && response !== type && isResponseType(response)) RESPONSES_BY_REQUEST.set(type, response);
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
  return RESPONSES_BY_REQUEST.has(type);
}

/** True for the name of a response. */
export function isResponseType(type: string): type is ResponseType {
  return RESPONSE_TYPES.has(type);
}

/** The response that answers a request. */
export function responseTypeOf(type: RequestType): ResponseType {
  const response = RESPONSES_BY_REQUEST.get(type);
  if (response === undefined) throw new TypeError(`${type} has no response`);
  return response;
}

function layoutOf(description: Omit<MessageDescription, 'commandField'>): MessageLayout {
  const fields = [...description.required, ...description.optional].sort(
    (a, b) => COMMAND_FIELDS[a].tag - COMMAND_FIELDS[b].tag,
  );
  const order: LayoutElement[] = fields.map((name) => ({
    ...COMMAND_FIELDS[name],
    name,
    isRequired: description.required.some((required) => required === name),
  }));
  order.push(
    { tag: COMMAND_FIELD_TAG, name: 'commandField', vr: 'US', isRequired: true },
    { tag: DATA_SET_TYPE_TAG, name: 'commandDataSetType', vr: 'US', isRequired: true },
  );
  order.sort((a, b) => a.tag - b.tag);
  const fieldsByTag = new Map(fields.map((name) => [COMMAND_FIELDS[name].tag, { name, vr: COMMAND_FIELDS[name].vr }]));
  return { description, fields, order, fieldsByTag };
}
