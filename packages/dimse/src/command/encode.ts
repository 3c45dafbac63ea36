/**
 * Command sets to bytes: implicit VR little endian, elements in order of tag, group length first. PS3.7 6.3.1 and E.
 */
import { DimseError } from '../errors.js';
import { CommandWriter, invalidValue } from './command-writer.js';
import {
  type CommandFieldName,
  type CommandFields,
  type CommandFieldVr,
  DATA_SET_PRESENT,
  NO_DATA_SET,
} from './fields.js';
import { messageLayout } from './layout.js';
import { MESSAGES } from './messages.js';
import type { CommandBase, CommandSet, MessageType, UnknownCommandElement } from './types.js';

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
  return new Uint8Array(writeCommandSet(command));
}

/** The same, as a view of memory that other command sets have a part of. */
export function writeCommandSet(command: CommandSet): Uint8Array {
  return command.type === 'unknown'
    ? encode(command, command.commandField)
    : encode(command, MESSAGES[command.type].commandField);
}

type EncodableCommand = { readonly type: MessageType | 'unknown' } & CommandBase & {
    readonly [K in keyof CommandFields]?: CommandFields[K] | undefined;
  };

function encode(command: EncodableCommand, commandField: number): Uint8Array {
  const { order } = messageLayout(command.type);
  const writer = new CommandWriter();
  const others = inOrder(command.unknownElements);
  for (const { tag, name, vr, isRequired } of order) {
    while (others !== undefined && (others.at(-1)?.tag ?? Infinity) < tag) writeLast(writer, others);
    if (name === 'commandField') {
      writer.unsignedShort(tag, name, commandField);
    } else if (name === 'commandDataSetType') {
      writer.unsignedShort(tag, name, command.hasDataSet ? DATA_SET_PRESENT : NO_DATA_SET);
    } else {
      const value = command[name] ?? (name === 'priority' ? 0 : undefined);
      if (value !== undefined) writeValue(writer, tag, vr, name, value);
      else if (isRequired) throw new DimseError('missing-element', `${command.type} needs ${name}`);
    }
  }
  while (others !== undefined && others.length > 0) writeLast(writer, others);
  return writer.finish();
}

/** The one to be written first comes last. */
function inOrder(elements: readonly UnknownCommandElement[] | undefined): UnknownCommandElement[] | undefined {
  return elements === undefined ? undefined : [...elements].sort((a, b) => b.tag - a.tag);
}

function writeLast(writer: CommandWriter, elements: UnknownCommandElement[]): void {
  const element = elements.pop();
  if (element !== undefined) writer.raw(element.tag, element.value);
}

function writeValue(
  writer: CommandWriter,
  tag: number,
  vr: CommandFieldVr,
  name: CommandFieldName,
  value: number | string | readonly number[],
): void {
  if (vr === 'US' && typeof value === 'number') writer.unsignedShort(tag, name, value);
  else if (vr === 'AT' && typeof value === 'object') writer.tags(tag, name, value);
  else if (vr === 'UI' && typeof value === 'string') writer.text(tag, value, 0x00);
  else if (vr === 'LO' && typeof value === 'string') writer.text(tag, value.slice(0, LO_CHARACTERS), 0x20);
  else if (vr === 'AE' && typeof value === 'string' && value.length <= AE_CHARACTERS) writer.text(tag, value, 0x20);
  else throw invalidValue(name, value);
}
