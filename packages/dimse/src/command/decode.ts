/**
 * Bytes to command sets, tolerant of what peers do: group length missing or wrong, elements nobody knows, odd lengths,
 * UIDs padded with spaces. PS3.7 6.3.1 and E.
 */
import { DimseError } from '../errors.js';
import {
  COMMAND_FIELD_TAG,
  type CommandFieldName,
  type CommandFieldVr,
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
  const reading = readingOf(bytes);
  const commandField = findCommandField(reading);
  if (commandField === undefined) throw new DimseError('malformed-command', 'Command set without a command field');
  const type = messageTypeOf(commandField);
  if (type === undefined) return build('unknown', commandField, reading);
  const layout = messageLayout(type);
  const command = build(type, commandField, reading, layout);
  if (isComplete(command, layout)) return command;
  const missing = layout.description.required.filter((name) => command[name] === undefined);
  throw new DimseError('missing-element', `${type} without ${missing.join(', ')}`, {
    received: build('unknown', commandField, reading),
  });
}

/** Numbers are read fastest from the one, texts from the other; what is read ends at `end`. */
interface Reading {
  readonly view: DataView;
  readonly bytes: Buffer;
  end: number;
}

/** Bytes of a usual command set are copied here, which costs less than the two views of them. Used up before decoding returns. */
const desk = readingAt(Buffer.allocUnsafeSlow(1024));

function readingOf(bytes: Uint8Array): Reading {
  if (bytes.byteLength > desk.bytes.length) {
    return readingAt(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }
  desk.bytes.set(bytes);
  desk.end = bytes.byteLength;
  return desk;
}

function readingAt(bytes: Buffer): Reading {
  return { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), bytes, end: bytes.byteLength };
}

/** Checks on the way that the elements can be told apart. Of several command fields the last one counts. */
function findCommandField({ view, end }: Reading): number | undefined {
  let commandField: number | undefined;
  let at = 0;
  while (end - at >= HEADER_BYTES) {
    const length = view.getUint32(at + 4, true);
    if (length > end - at - HEADER_BYTES) {
      const name = tagAt(view, at).toString(16).padStart(8, '0');
      const message = `Element ${name} of ${length} bytes passes the end of the command set`;
      throw new DimseError('malformed-command', message, { offset: at });
    }
    if (view.getUint32(at, true) === COMMAND_FIELD_ON_THE_WIRE) {
      commandField = unsignedShort(view, at + HEADER_BYTES, length);
    }
    at += HEADER_BYTES + length;
  }
  // Elements of odd length may have made the sender pad the whole; anything else is half an element.
  for (let rest = at; rest < end; rest++) {
    if (view.getUint8(rest) === 0) continue;
    throw new DimseError('malformed-command', `${end - at} bytes left over`, { offset: at });
  }
  return commandField;
}

/** Group and element are two little endian numbers of 16 bits. */
function tagAt(view: DataView, at: number): number {
  const onTheWire = view.getUint32(at, true);
  return ((onTheWire << 16) | (onTheWire >>> 16)) >>> 0;
}

const COMMAND_FIELD_ON_THE_WIRE = COMMAND_FIELD_TAG << 16;

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type PartialCommand = {
  readonly [K in CommandFieldName]?: unknown;
};

function build(type: 'unknown', commandField: number, reading: Reading): UnknownCommand;
function build(type: MessageType, commandField: number, reading: Reading, layout: MessageLayout): PartialCommand;
/** One pass over elements that can be told apart. Of several with the same tag the last one counts. */
function build(
  type: MessageType | 'unknown',
  commandField: number,
  { view, bytes, end }: Reading,
  layout: MessageLayout = messageLayout(type),
): PartialCommand {
  const command: Writable<PartialCommand> & { hasDataSet: boolean; unknownElements?: UnknownCommandElement[] } & {
    type: string;
    commandField?: number;
  } = { type, hasDataSet: layout.description.dataSet === 'required' };
  if (type === 'unknown') command.commandField = commandField;
  for (let at = 0, length = 0; end - at >= HEADER_BYTES; at += HEADER_BYTES + length) {
    length = view.getUint32(at + 4, true);
    const tag = tagAt(view, at);
    const field = layout.fieldsByTag.get(tag);
    if (field !== undefined) {
      const value = decodeValue(field.vr, view, bytes, at + HEADER_BYTES, length);
      if (value !== undefined) command[field.name] = value;
      else if (command[field.name] !== undefined) delete command[field.name];
    } else if (tag === DATA_SET_TYPE_TAG) {
      command.hasDataSet = announcesDataSet(unsignedShort(view, at + HEADER_BYTES, length), layout);
    } else if (tag !== GROUP_LENGTH_TAG && tag !== COMMAND_FIELD_TAG) {
      const value = new Uint8Array(bytes.subarray(at + HEADER_BYTES, at + HEADER_BYTES + length));
      command.unknownElements = withElement(command.unknownElements, { tag, value });
    }
  }
  return command;
}

function withElement(
  elements: readonly UnknownCommandElement[] = [],
  element: UnknownCommandElement,
): UnknownCommandElement[] {
  const before = elements.findIndex(({ tag }) => tag === element.tag);
  return before < 0 ? [...elements, element] : elements.map((other, index) => (index === before ? element : other));
}

/** The one place where what was read becomes what its type says: every required field is there, and of its VR. */
function isComplete(command: PartialCommand, layout: MessageLayout): command is CommandSet {
  for (const name of layout.description.required) if (command[name] === undefined) return false;
  return true;
}

/** Anything but 0101H says that a data set follows; when it is not said, the kind of message decides. */
function announcesDataSet(dataSetType: number | undefined, layout: MessageLayout): boolean {
  return dataSetType === undefined ? layout.description.dataSet === 'required' : dataSetType !== NO_DATA_SET;
}

function decodeValue(
  vr: CommandFieldVr,
  view: DataView,
  bytes: Buffer,
  at: number,
  length: number,
): string | number | readonly number[] | undefined {
  switch (vr) {
    case 'US':
      return unsignedShort(view, at, length);
    case 'AT':
      return attributeTags(view, at, length);
    default:
      return text(bytes, at, length);
  }
}

/** The first value; `undefined` when there is none. Longer ones (some peers write UL) keep their low 16 bits. */
function unsignedShort(view: DataView, at: number, length: number): number | undefined {
  if (length < 2) return length === 0 ? undefined : view.getUint8(at);
  return view.getUint16(at, true);
}

function attributeTags(view: DataView, from: number, length: number): readonly number[] | undefined {
  if (length < 4) return undefined;
  const tags: number[] = [];
  for (let at = from; at + 4 <= from + length; at += 4) tags.push(tagAt(view, at));
  return tags;
}

/** One character per byte, without leading spaces and trailing spaces and NULs; `undefined` when nothing is left. */
function text(bytes: Buffer, from: number, length: number): string | undefined {
  let start = from;
  let end = from + length;
  while (end > start && (bytes[end - 1] === 0x00 || bytes[end - 1] === 0x20)) end--;
  while (start < end && bytes[start] === 0x20) start++;
  return start === end ? undefined : bytes.toString('latin1', start, end);
}
