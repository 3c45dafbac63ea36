/**
 * Every DIMSE message in one table: its command field, whether a data set goes with it, and its fields. Types, encoder and
 * decoder are driven by it. PS3.7 9.3 (C-services), 10.3 (N-services).
 */
import type { CommandFieldName } from './fields.js';

/** What {@link MESSAGES} says about one message. */
export interface MessageDescription {
  /** Command Field (0000,0100). Responses have bit 15 set. */
  readonly commandField: number;
  /** Whether a data set goes with the command. */
  readonly dataSet: 'required' | 'optional' | 'none';
  /** Fields without which the message means nothing. */
  readonly required: readonly CommandFieldName[];
  /** Fields that may be absent; in what peers send, that is wider than in the standard. */
  readonly optional: readonly CommandFieldName[];
}

const STATUS_DETAILS = ['offendingElements', 'errorComment', 'errorId'] as const;
const RESPONSE = ['messageIdBeingRespondedTo', 'status'] as const;
const AFFECTED = ['affectedSopClassUid', 'affectedSopInstanceUid'] as const;
const REQUESTED = ['requestedSopClassUid', 'requestedSopInstanceUid'] as const;
const SUBOPERATIONS = [
  'numberOfRemainingSuboperations',
  'numberOfCompletedSuboperations',
  'numberOfFailedSuboperations',
  'numberOfWarningSuboperations',
] as const;
const N_RESPONSE_DETAILS = [...AFFECTED, ...STATUS_DETAILS, 'attributeIdentifierList'] as const;

/** The messages, by the name the standard gives them. */
export const MESSAGES = {
  'C-STORE-RQ': {
    commandField: 0x0001,
    dataSet: 'required',
    required: ['messageId', ...AFFECTED],
    optional: ['priority', 'moveOriginatorApplicationEntityTitle', 'moveOriginatorMessageId'],
  },
  'C-STORE-RSP': {
    commandField: 0x8001,
    dataSet: 'none',
    required: RESPONSE,
    optional: [...AFFECTED, ...STATUS_DETAILS],
  },
  'C-GET-RQ': {
    commandField: 0x0010,
    dataSet: 'required',
    required: ['messageId', 'affectedSopClassUid'],
    optional: ['priority'],
  },
  'C-GET-RSP': {
    commandField: 0x8010,
    dataSet: 'optional',
    required: RESPONSE,
    optional: ['affectedSopClassUid', ...STATUS_DETAILS, ...SUBOPERATIONS],
  },
  'C-FIND-RQ': {
    commandField: 0x0020,
    dataSet: 'required',
    required: ['messageId', 'affectedSopClassUid'],
    optional: ['priority'],
  },
  'C-FIND-RSP': {
    commandField: 0x8020,
    dataSet: 'optional',
    required: RESPONSE,
    optional: ['affectedSopClassUid', ...STATUS_DETAILS],
  },
  'C-MOVE-RQ': {
    commandField: 0x0021,
    dataSet: 'required',
    required: ['messageId', 'affectedSopClassUid', 'moveDestination'],
    optional: ['priority'],
  },
  'C-MOVE-RSP': {
    commandField: 0x8021,
    dataSet: 'optional',
    required: RESPONSE,
    optional: ['affectedSopClassUid', ...STATUS_DETAILS, ...SUBOPERATIONS],
  },
  'C-ECHO-RQ': {
    commandField: 0x0030,
    dataSet: 'none',
    required: ['messageId', 'affectedSopClassUid'],
    optional: [],
  },
  'C-ECHO-RSP': {
    commandField: 0x8030,
    dataSet: 'none',
    required: RESPONSE,
    optional: ['affectedSopClassUid', ...STATUS_DETAILS],
  },
  'N-EVENT-REPORT-RQ': {
    commandField: 0x0100,
    dataSet: 'optional',
    required: ['messageId', ...AFFECTED, 'eventTypeId'],
    optional: [],
  },
  'N-EVENT-REPORT-RSP': {
    commandField: 0x8100,
    dataSet: 'optional',
    required: RESPONSE,
    optional: [...N_RESPONSE_DETAILS, 'eventTypeId'],
  },
  'N-GET-RQ': {
    commandField: 0x0110,
    dataSet: 'none',
    required: ['messageId', ...REQUESTED],
    optional: ['attributeIdentifierList'],
  },
  'N-GET-RSP': {
    commandField: 0x8110,
    dataSet: 'optional',
    required: RESPONSE,
    optional: N_RESPONSE_DETAILS,
  },
  'N-SET-RQ': {
    commandField: 0x0120,
    dataSet: 'required',
    required: ['messageId', ...REQUESTED],
    optional: [],
  },
  'N-SET-RSP': {
    commandField: 0x8120,
    dataSet: 'optional',
    required: RESPONSE,
    optional: N_RESPONSE_DETAILS,
  },
  'N-ACTION-RQ': {
    commandField: 0x0130,
    dataSet: 'optional',
    required: ['messageId', ...REQUESTED, 'actionTypeId'],
    optional: [],
  },
  'N-ACTION-RSP': {
    commandField: 0x8130,
    dataSet: 'optional',
    required: RESPONSE,
    optional: [...N_RESPONSE_DETAILS, 'actionTypeId'],
  },
  'N-CREATE-RQ': {
    commandField: 0x0140,
    dataSet: 'optional',
    required: ['messageId', 'affectedSopClassUid'],
    optional: ['affectedSopInstanceUid'],
  },
  'N-CREATE-RSP': {
    commandField: 0x8140,
    dataSet: 'optional',
    required: RESPONSE,
    optional: N_RESPONSE_DETAILS,
  },
  'N-DELETE-RQ': {
    commandField: 0x0150,
    dataSet: 'none',
    required: ['messageId', ...REQUESTED],
    optional: [],
  },
  'N-DELETE-RSP': {
    commandField: 0x8150,
    dataSet: 'none',
    required: RESPONSE,
    optional: N_RESPONSE_DETAILS,
  },
  'C-CANCEL-RQ': {
    commandField: 0x0fff,
    dataSet: 'none',
    required: ['messageIdBeingRespondedTo'],
    optional: [],
  },
} as const satisfies Record<string, MessageDescription>;

/** What is read of a message whose command field the standard does not define. */
export const UNKNOWN_MESSAGE = {
  dataSet: 'optional',
  required: [],
  optional: [
    'affectedSopClassUid',
    'requestedSopClassUid',
    'messageId',
    'messageIdBeingRespondedTo',
    'status',
    'errorComment',
    'affectedSopInstanceUid',
    'requestedSopInstanceUid',
  ],
} as const satisfies Omit<MessageDescription, 'commandField'>;
