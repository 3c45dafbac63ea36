/** Responses: from what a handler answers to the command set that goes out. */
import type { NegotiatedContext } from '@dicomwire/ul';
import { writeCommandSet } from '../command/encode.js';
import { COMMAND_FIELDS, type CommandFieldName, type CommandFields } from '../command/fields.js';
import { messageLayout, RESPONSE_BIT, responseTypeOf } from '../command/layout.js';
import { MESSAGES } from '../command/messages.js';
import type { CommandSet, RequestCommand, ResponseCommand, ResponseType, UnknownCommand } from '../command/types.js';
import { DimseError } from '../errors.js';
import { encodedSource } from '../message/encoded-data-set.js';
import type { OutgoingMessage } from '../message/outbox.js';
import type { DataSetSource, OutgoingResponse } from '../message/types.js';
import { statusCategory } from '../status.js';
import { sopClassUidOf, sopInstanceUidOf } from './refusal.js';

/** A message on its way out whose sender waits for it. */
export class ResponseMessage implements OutgoingMessage {
  readonly contextId: number;
  readonly command: CommandSet;
  readonly commandBytes: Uint8Array;
  readonly dataSet: DataSetSource | undefined;
  readonly isFollowed: boolean;
  readonly #finished: () => void;
  readonly #failed: (error: unknown) => void;

  constructor(
    contextId: number,
    command: CommandSet,
    dataSet: DataSetSource | undefined,
    finished: () => void,
    failed: (error: unknown) => void,
  ) {
    this.contextId = contextId;
    this.command = command;
    this.commandBytes = writeCommandSet(command);
    this.dataSet = dataSet;
    this.isFollowed =
      'status' in command && command.status !== undefined && statusCategory(command.status) === 'Pending';
    this.#finished = finished;
    this.#failed = failed;
  }

  progressed(): void {
    // Handlers are not told.
  }

  handedOver(): void {
    // The sender waits until there is room for the next one.
  }

  finished(): void {
    this.#finished();
  }

  failed(error: unknown): void {
    this.#failed(error);
  }
}

/**
 * The response to a request, with message ID and UIDs as the request has them.
 *
 * @throws DimseError `invalid-command` for fields that it can't have, `data-set-source` for a data set that can't be encoded.
 */
export function buildResponse(
  request: RequestCommand,
  context: NegotiatedContext,
  response: OutgoingResponse,
): { readonly command: ResponseCommand; readonly dataSet: DataSetSource | undefined } {
  const type = responseTypeOf(request.type);
  const dataSet = response.dataSet && encodedSource(response.dataSet, context.transferSyntax ?? '', 'write');
  if (dataSet !== undefined && MESSAGES[type].dataSet === 'none') {
    throw new DimseError('data-set-required', `${type} has no data set`);
  }
  const fields: Partial<Record<CommandFieldName, unknown>> = {
    affectedSopClassUid: sopClassUidOf(request),
    affectedSopInstanceUid: sopInstanceUidOf(request),
    eventTypeId: 'eventTypeId' in request ? request.eventTypeId : undefined,
    actionTypeId: 'actionTypeId' in request ? request.actionTypeId : undefined,
    ...checkedFields(type, response.fields),
    messageIdBeingRespondedTo: request.messageId,
    status: response.status,
    errorComment: response.errorComment,
    offendingElements: response.offendingElements,
    errorId: response.errorId,
  };
  const command = { type, hasDataSet: dataSet !== undefined, ...fields };
  if (!isResponse(command)) throw new DimseError('invalid-command', `${type} can't be made of what the handler gave`);
  return { command, dataSet };
}

/** The answer to a command that can't be performed because of what it is; `undefined` when it can't be answered. */
export function answerToUnknown(command: UnknownCommand, status: number): UnknownCommand | undefined {
  if (command.messageId === undefined || (command.commandField & RESPONSE_BIT) !== 0) return undefined;
  return {
    type: 'unknown',
    commandField: command.commandField | RESPONSE_BIT,
    hasDataSet: false,
    messageIdBeingRespondedTo: command.messageId,
    affectedSopClassUid: command.affectedSopClassUid ?? command.requestedSopClassUid,
    affectedSopInstanceUid: command.affectedSopInstanceUid ?? command.requestedSopInstanceUid,
    status,
  };
}

function checkedFields(
  type: ResponseType,
  fields: OutgoingResponse['fields'],
): Partial<Record<CommandFieldName, unknown>> {
  if (fields === undefined) return {};
  const known = messageLayout(type).fields;
  for (const name of Object.keys(fields)) {
    if (!known.some((field) => field === name)) throw new DimseError('invalid-command', `${type} has no ${name}`);
  }
  return fields;
}

/** Every value is of the kind that its field holds; their ranges are checked when they are encoded. */
function isResponse(command: { readonly type: ResponseType } & object): command is ResponseCommand {
  return Object.entries(command).every(([name, value]) => {
    if (!isFieldName(name) || value === undefined) return true;
    const { vr } = COMMAND_FIELDS[name];
    if (vr === 'US') return typeof value === 'number';
    return vr === 'AT' ? Array.isArray(value) : typeof value === 'string';
  });
}

function isFieldName(name: string): name is keyof CommandFields {
  return Object.hasOwn(COMMAND_FIELDS, name);
}
