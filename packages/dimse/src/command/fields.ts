/**
 * The elements of group 0000 that command sets are made of. PS3.7 9.3, 10.3 and Annex E.1.
 */

/** Every field that a command set can have; a message has those that {@link MESSAGES} lists for it. PS3.7 Annex E.1. */
export interface CommandFields {
  /** (0000,0002) SOP class that the operation or notification is about. */
  readonly affectedSopClassUid: string;
  /** (0000,0003) SOP class of the instance that is asked for. */
  readonly requestedSopClassUid: string;
  /** (0000,0110) Identifies the request among those outstanding on the association, 0 to 65535. */
  readonly messageId: number;
  /** (0000,0120) Message ID of the request that is answered or cancelled. */
  readonly messageIdBeingRespondedTo: number;
  /** (0000,0600) AE title to which the C-MOVE performer shall send. */
  readonly moveDestination: string;
  /** (0000,0700) 0 medium, 1 high, 2 low. Written as 0 when absent. */
  readonly priority: number;
  /** (0000,0900) How the operation stands or ended; PS3.7 Annex C. */
  readonly status: number;
  /** (0000,0901) Tags of the elements in question, 0xGGGGEEEE. */
  readonly offendingElements: readonly number[];
  /** (0000,0902) Text that goes with the status, at most 64 characters; cut when longer. */
  readonly errorComment: string;
  /** (0000,0903) A code that is the implementation's own. */
  readonly errorId: number;
  /** (0000,1000) SOP instance that the operation or notification is about. */
  readonly affectedSopInstanceUid: string;
  /** (0000,1001) SOP instance that is asked for. */
  readonly requestedSopInstanceUid: string;
  /** (0000,1002) Kind of event, as the service defines them. */
  readonly eventTypeId: number;
  /** (0000,1005) Tags of the attributes asked for or in error, 0xGGGGEEEE. */
  readonly attributeIdentifierList: readonly number[];
  /** (0000,1008) Kind of action, as the service defines them. */
  readonly actionTypeId: number;
  /** (0000,1020) Sub-operations still to come. */
  readonly numberOfRemainingSuboperations: number;
  /** (0000,1021) Sub-operations that succeeded. */
  readonly numberOfCompletedSuboperations: number;
  /** (0000,1022) Sub-operations that failed. */
  readonly numberOfFailedSuboperations: number;
  /** (0000,1023) Sub-operations that ended with a warning. */
  readonly numberOfWarningSuboperations: number;
  /** (0000,1030) AE title that invoked the C-MOVE of which this C-STORE is a sub-operation. */
  readonly moveOriginatorApplicationEntityTitle: string;
  /** (0000,1031) Message ID of that C-MOVE. */
  readonly moveOriginatorMessageId: number;
}

/** Name of a command-set field. */
export type CommandFieldName = keyof CommandFields;

/** VR of a command-set field. */
export type CommandFieldVr = 'US' | 'UI' | 'AE' | 'LO' | 'AT';

type ValueRepresentation<V> = V extends number ? 'US' : V extends string ? 'UI' | 'AE' | 'LO' : 'AT';

/** Tag and VR of each field; all are in group 0000, so that the tag is the element number. In order of tag. */
export const COMMAND_FIELDS: {
  readonly [K in CommandFieldName]: { readonly tag: number; readonly vr: ValueRepresentation<CommandFields[K]> };
} = {
  affectedSopClassUid: { tag: 0x0002, vr: 'UI' },
  requestedSopClassUid: { tag: 0x0003, vr: 'UI' },
  messageId: { tag: 0x0110, vr: 'US' },
  messageIdBeingRespondedTo: { tag: 0x0120, vr: 'US' },
  moveDestination: { tag: 0x0600, vr: 'AE' },
  priority: { tag: 0x0700, vr: 'US' },
  status: { tag: 0x0900, vr: 'US' },
  offendingElements: { tag: 0x0901, vr: 'AT' },
  errorComment: { tag: 0x0902, vr: 'LO' },
  errorId: { tag: 0x0903, vr: 'US' },
  affectedSopInstanceUid: { tag: 0x1000, vr: 'UI' },
  requestedSopInstanceUid: { tag: 0x1001, vr: 'UI' },
  eventTypeId: { tag: 0x1002, vr: 'US' },
  attributeIdentifierList: { tag: 0x1005, vr: 'AT' },
  actionTypeId: { tag: 0x1008, vr: 'US' },
  numberOfRemainingSuboperations: { tag: 0x1020, vr: 'US' },
  numberOfCompletedSuboperations: { tag: 0x1021, vr: 'US' },
  numberOfFailedSuboperations: { tag: 0x1022, vr: 'US' },
  numberOfWarningSuboperations: { tag: 0x1023, vr: 'US' },
  moveOriginatorApplicationEntityTitle: { tag: 0x1030, vr: 'AE' },
  moveOriginatorMessageId: { tag: 0x1031, vr: 'US' },
};

/** (0000,0000) Command Group Length. */
export const GROUP_LENGTH_TAG = 0x0000;
/** (0000,0100) Command Field. */
export const COMMAND_FIELD_TAG = 0x0100;
/** (0000,0800) Command Data Set Type. */
export const DATA_SET_TYPE_TAG = 0x0800;
/** The value of Command Data Set Type that says "no data set follows"; every other value says that one does. */
export const NO_DATA_SET = 0x0101;
/** What we write when one does (PS3.7 leaves it open; this is what most peers write). */
export const DATA_SET_PRESENT = 0x0001;
