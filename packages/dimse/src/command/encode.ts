/**
 * Command sets to bytes: implicit VR little endian, elements in order of tag, group length first. PS3.7 6.3.1 and E.
 */
import { DimseError } from '../errors.js';
import {
  COMMAND_FIELD_TAG,
  COMMAND_FIELDS,
  type CommandFields,
  DATA_SET_PRESENT,
  DATA_SET_TYPE_TAG,
  GROUP_LENGTH_TAG,
  NO_DATA_SET,
} from './fields.js';
import { messageLayout } from './layout.js';
import { MESSAGES } from './messages.js';
import type { CommandBase, CommandSet, MessageType, UnknownCommandElement } from './types.js';

const HEADER_BYTES = 8;
/** Longest value of VR LO, characters. PS3.5 6.2. */
const LO_CHARACTERS = 64;
const AE_CHARACTERS = 16;

/**
 * Encodes a command set: group length, the message's fields in order of tag, values padded to even length (UIDs by NUL,
 * text by space). Absent optional fields are left out; an absent priority is written as 0 (medium). An error comment is cut to 64
 * characters.
 *
 * @throws {@link DimseError} `missing-element` or `invalid-command`.
 *
 * @example
 * ```ts
 * import { encodeCommandSet } from '@dicomwire/dimse';
 *
 * const bytes = encodeCommandSet({
 *   type: 'C-ECHO-RQ',
 *   messageId: 1,
 *   affectedSopClassUid: '1.2.840.10008.1.1',
 *   hasDataSet: false,
 * });
 * console.log(bytes.length); // 68
 * ```
 */
export function encodeCommandSet(command: CommandSet): Uint8Array {
  const elements = elementsOf(command, command.type === 'unknown' ? command.commandField : undefined);
  let total = HEADER_BYTES + 4;
  for (const element of elements) total += HEADER_BYTES + element.value.length;
  const bytes = new Uint8Array(total);
  const view = new DataView(bytes.buffer);
  let at = 0;
  const header = (tag: number, length: number) => {
    view.setUint16(at, tag >>> 16, true);
    view.setUint16(at + 2, tag & 0xffff, true);
    view.setUint32(at + 4, length, true);
    at += HEADER_BYTES;
  };
  header(GROUP_LENGTH_TAG, 4);
  view.setUint32(at, total - HEADER_BYTES - 4, true);
  at += 4;
  for (const { tag, value } of elements) {
    header(tag, value.length);
    bytes.set(value, at);
    at += value.length;
  }
  return bytes;
}

type EncodableCommand = { readonly type: MessageType | 'unknown' } & CommandBase & {
    readonly [K in keyof CommandFields]?: CommandFields[K] | undefined;
  };

function elementsOf(command: EncodableCommand, unknownCommandField: number | undefined): UnknownCommandElement[] {
  const layout = messageLayout(command.type);
  const commandField = command.type === 'unknown' ? (unknownCommandField ?? 0) : MESSAGES[command.type].commandField;
  const elements: UnknownCommandElement[] = [
    { tag: COMMAND_FIELD_TAG, value: unsignedShort('commandField', commandField) },
    {
      tag: DATA_SET_TYPE_TAG,
      value: unsignedShort('commandDataSetType', command.hasDataSet ? DATA_SET_PRESENT : NO_DATA_SET),
    },
  ];
  for (const name of layout.fields) {
    const value = command[name] ?? (name === 'priority' ? 0 : undefined);
    if (value !== undefined) {
      elements.push({ tag: COMMAND_FIELDS[name].tag, value: encodeValue(name, value) });
    } else if (layout.description.required.includes(name)) {
      throw new DimseError('missing-element', `${command.type} needs ${name}`);
    }
  }
  if (command.unknownElements !== undefined) elements.push(...command.unknownElements);
  return elements.sort((a, b) => a.tag - b.tag);
}

function encodeValue(name: keyof CommandFields, value: number | string | readonly number[]): Uint8Array {
  const { vr } = COMMAND_FIELDS[name];
  if (vr === 'US' && typeof value === 'number') return unsignedShort(name, value);
  if (vr === 'AT' && Array.isArray(value)) return attributeTags(name, value);
  if (typeof value === 'string') {
    if (vr === 'UI') return characters(value, 0x00);
    if (vr === 'LO') return characters(value.slice(0, LO_CHARACTERS), 0x20);
    if (vr === 'AE' && value.length <= AE_CHARACTERS) return characters(value, 0x20);
  }
  throw invalid(name, value);
}

function unsignedShort(name: string, value: number): Uint8Array {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff) throw invalid(name, value);
  return Uint8Array.of(value & 0xff, value >>> 8);
}

function attributeTags(name: string, tags: readonly unknown[]): Uint8Array {
  const bytes = new Uint8Array(tags.length * 4);
  const view = new DataView(bytes.buffer);
  tags.forEach((tag, index) => {
    if (typeof tag !== 'number' || !Number.isInteger(tag) || tag < 0 || tag > 0xffffffff) throw invalid(name, tag);
    view.setUint16(index * 4, tag >>> 16, true);
    view.setUint16(index * 4 + 2, tag & 0xffff, true);
  });
  return bytes;
}

/** One byte per character; command sets have no character set, so what is beyond it becomes a question mark. */
function characters(text: string, padding: number): Uint8Array {
  const bytes = new Uint8Array(text.length + (text.length % 2));
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    bytes[i] = code > 0xff ? 0x3f : code;
  }
  if (bytes.length > text.length) bytes[text.length] = padding;
  return bytes;
}

function invalid(name: string, value: unknown): DimseError {
  return new DimseError('invalid-command', `${name} can't hold ${JSON.stringify(value)}`);
}
