/**
 * Bytes to command sets, tolerant of what peers do: group length missing or wrong, elements nobody knows, odd lengths,
 * UIDs padded with spaces. PS3.7 6.3.1 and E.
 */
import { DimseError } from '../errors.js';
import {
  COMMAND_FIELD_TAG,
  COMMAND_FIELDS,
  type CommandFieldName,
  DATA_SET_TYPE_TAG,
  GROUP_LENGTH_TAG,
  NO_DATA_SET,
} from './fields.js';
import { type MessageLayout, messageLayout, messageTypeOf } from './layout.js';
import type { CommandSet, MessageType, UnknownCommand, UnknownCommandElement } from './types.js';

const HEADER_BYTES = 8;

/**
 * Decodes a command set. Nothing of the result refers to `bytes`.
 *
 * A command field that the standard does not define gives a command of type `'unknown'`. Padding is removed from UIDs and
 * text; otherwise they are given as they came, valid or not. Empty values count as absent.
 *
 * @throws {@link DimseError} `malformed-command` when the elements can't be told apart or there is no command field;
 * `missing-element` when one that the message requires is absent, with what could be read in `received`.
 *
 * @example
 * ```ts
 * import { decodeCommandSet, encodeCommandSet } from '@dicomwire/dimse';
 *
 * const bytes = encodeCommandSet({ type: 'C-CANCEL-RQ', messageIdBeingRespondedTo: 7, hasDataSet: false });
 * const command = decodeCommandSet(bytes);
 * if (command.type === 'C-CANCEL-RQ') console.log(command.messageIdBeingRespondedTo); // 7
 * ```
 */
export function decodeCommandSet(bytes: Uint8Array): CommandSet {
  const elements = locate(bytes);
  const commandField = unsignedShort(elements.get(COMMAND_FIELD_TAG));
  if (commandField === undefined) throw new DimseError('malformed-command', 'Command set without a command field');
  const type = messageTypeOf(commandField);
  if (type === undefined) return build('unknown', commandField, elements);
  const command = build(type, commandField, elements);
  if (isComplete(command, messageLayout(type))) return command;
  const missing = messageLayout(type).description.required.filter((name) => command[name] === undefined);
  throw new DimseError('missing-element', `${type} without ${missing.join(', ')}`, {
    received: build('unknown', commandField, elements),
  });
}

/** All elements by tag, views of `bytes`; of several with the same tag the last one counts. */
function locate(bytes: Uint8Array): Map<number, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const elements = new Map<number, Uint8Array>();
  let at = 0;
  while (bytes.length - at >= HEADER_BYTES) {
    const tag = ((view.getUint16(at, true) << 16) | view.getUint16(at + 2, true)) >>> 0;
    const length = view.getUint32(at + 4, true);
    if (length > bytes.length - at - HEADER_BYTES) {
      const name = tag.toString(16).padStart(8, '0');
      throw new DimseError(
        'malformed-command',
        `Element ${name} of ${length} bytes passes the end of the command set`,
        {
          offset: at,
        },
      );
    }
    at += HEADER_BYTES;
    elements.set(tag, bytes.subarray(at, at + length));
    at += length;
  }
  // Elements of odd length may have made the sender pad the whole; anything else is half an element.
  if (bytes.subarray(at).some((byte) => byte !== 0)) {
    throw new DimseError('malformed-command', `${bytes.length - at} bytes left over`, { offset: at });
  }
  return elements;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type PartialCommand = {
  readonly [K in CommandFieldName]?: unknown;
};

function build(type: 'unknown', commandField: number, elements: ReadonlyMap<number, Uint8Array>): UnknownCommand;
function build(type: MessageType, commandField: number, elements: ReadonlyMap<number, Uint8Array>): PartialCommand;
function build(
  type: MessageType | 'unknown',
  commandField: number,
  elements: ReadonlyMap<number, Uint8Array>,
): PartialCommand {
  const layout = messageLayout(type);
  const command: Writable<PartialCommand> & { hasDataSet: boolean; unknownElements?: UnknownCommandElement[] } & {
    type: string;
    commandField?: number;
  } = { type, hasDataSet: announcesDataSet(elements.get(DATA_SET_TYPE_TAG), layout) };
  if (type === 'unknown') command.commandField = commandField;
  for (const [tag, value] of elements) {
    if (tag === GROUP_LENGTH_TAG || tag === COMMAND_FIELD_TAG || tag === DATA_SET_TYPE_TAG) continue;
    const name = layout.fieldsByTag.get(tag);
    if (name === undefined) {
      command.unknownElements ??= [];
      command.unknownElements.push({ tag, value: new Uint8Array(value) });
    } else {
      const decoded = decodeValue(name, value);
      if (decoded !== undefined) command[name] = decoded;
    }
  }
  return command;
}

/** The one place where what was read becomes what its type says: every required field is there, and of its VR. */
function isComplete(command: object, layout: MessageLayout): command is CommandSet {
  return layout.description.required.every((name) => Object.hasOwn(command, name));
}

/** Anything but 0101H says that a data set follows; when it is not said, the kind of message decides. */
function announcesDataSet(value: Uint8Array | undefined, layout: MessageLayout): boolean {
  const dataSetType = unsignedShort(value);
  return dataSetType === undefined ? layout.description.dataSet === 'required' : dataSetType !== NO_DATA_SET;
}

function decodeValue(name: CommandFieldName, value: Uint8Array): string | number | readonly number[] | undefined {
  switch (COMMAND_FIELDS[name].vr) {
    case 'US':
      return unsignedShort(value);
    case 'AT':
      return attributeTags(value);
    default:
      return text(value);
  }
}

/** The first value; `undefined` when there is none. Longer ones (some peers write UL) keep their low 16 bits. */
function unsignedShort(value: Uint8Array | undefined): number | undefined {
  const low = value?.[0];
  return low === undefined ? undefined : low | ((value?.[1] ?? 0) << 8);
}

function attributeTags(value: Uint8Array): readonly number[] | undefined {
  if (value.length < 4) return undefined;
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  const tags: number[] = [];
  for (let at = 0; at + 4 <= value.length; at += 4) {
    tags.push(((view.getUint16(at, true) << 16) | view.getUint16(at + 2, true)) >>> 0);
  }
  return tags;
}

/** One character per byte, without leading spaces and trailing spaces and NULs; `undefined` when nothing is left. */
function text(value: Uint8Array): string | undefined {
  let start = 0;
  let end = value.length;
  while (end > 0 && (value[end - 1] === 0x00 || value[end - 1] === 0x20)) end--;
  while (start < end && value[start] === 0x20) start++;
  if (start === end) return undefined;
  let characters = '';
  for (let i = start; i < end; i++) characters += String.fromCharCode(value[i] ?? 0);
  return characters;
}
