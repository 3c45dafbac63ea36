/**
 * Command sets, typed per message. PS3.7 9.3, 10.3 and Annex E. Field names are the standard's, in camel case.
 *
 * These types are what one description per message (`messages.ts`) drives: encode, decode and type can't drift apart.
 */
import type { CommandFieldName, CommandFields } from './fields.js';
import type { MESSAGES, UNKNOWN_MESSAGE } from './messages.js';

/** Name of a message: `'C-STORE-RQ'`, `'N-GET-RSP'`, … */
export type MessageType = keyof typeof MESSAGES;

/** Names of the requests that are answered by responses (C-CANCEL-RQ is not). */
export type RequestType = Exclude<Extract<MessageType, `${string}-RQ`>, 'C-CANCEL-RQ'>;

/** Names of the responses. */
export type ResponseType = Extract<MessageType, `${string}-RSP`>;

/** An element of a received command set that its message does not define. */
export interface UnknownCommandElement {
  /** Tag, 0xGGGGEEEE. */
  readonly tag: number;
  /** The value as it came. */
  readonly value: Uint8Array;
}

/** What every command set has. */
export interface CommandBase {
  /** True when a data set goes with it: Command Data Set Type (0000,0800) is anything but 0101H. */
  readonly hasDataSet: boolean;
  /** Elements that the message does not define, in the order in which they came; written again by `encodeCommandSet`. */
  readonly unknownElements?: readonly UnknownCommandElement[] | undefined;
}

/** Fields of a command set: those that are always there and those that may be absent. */
export type CommandValues<Required extends CommandFieldName, Optional extends CommandFieldName> = Pick<
  CommandFields,
  Required
> & {
  readonly [K in keyof Pick<CommandFields, Optional>]?: CommandFields[K] | undefined;
};

/** The command set of the message `T`, derived from its description. */
export type Command<T extends MessageType> = T extends MessageType
  ? CommandBase & { readonly type: T } & CommandValues<
        (typeof MESSAGES)[T]['required'][number],
        (typeof MESSAGES)[T]['optional'][number]
      >
  : never;

/** Stores a composite instance. PS3.7 9.3.1.1. */
export type CStoreRq = Command<'C-STORE-RQ'>;
/** Answers {@link CStoreRq}. PS3.7 9.3.1.2. */
export type CStoreRsp = Command<'C-STORE-RSP'>;
/** Asks for instances to be sent on this association. PS3.7 9.3.3.1. */
export type CGetRq = Command<'C-GET-RQ'>;
/** Answers {@link CGetRq}. PS3.7 9.3.3.2. */
export type CGetRsp = Command<'C-GET-RSP'>;
/** Queries. PS3.7 9.3.2.1. */
export type CFindRq = Command<'C-FIND-RQ'>;
/** Answers {@link CFindRq}: a match, or the end. PS3.7 9.3.2.2. */
export type CFindRsp = Command<'C-FIND-RSP'>;
/** Asks for instances to be sent to a third application entity. PS3.7 9.3.4.1. */
export type CMoveRq = Command<'C-MOVE-RQ'>;
/** Answers {@link CMoveRq}. PS3.7 9.3.4.2. */
export type CMoveRsp = Command<'C-MOVE-RSP'>;
/** Verifies the line. PS3.7 9.3.5.1. */
export type CEchoRq = Command<'C-ECHO-RQ'>;
/** Answers {@link CEchoRq}. PS3.7 9.3.5.2. */
export type CEchoRsp = Command<'C-ECHO-RSP'>;
/** Asks the performer of a C-FIND, C-GET or C-MOVE to stop. PS3.7 9.3.2.3. */
export type CCancelRq = Command<'C-CANCEL-RQ'>;
/** Reports an event. PS3.7 10.3.1.1. */
export type NEventReportRq = Command<'N-EVENT-REPORT-RQ'>;
/** Answers {@link NEventReportRq}. PS3.7 10.3.1.2. */
export type NEventReportRsp = Command<'N-EVENT-REPORT-RSP'>;
/** Asks for attributes. PS3.7 10.3.2.1. */
export type NGetRq = Command<'N-GET-RQ'>;
/** Answers {@link NGetRq}. PS3.7 10.3.2.2. */
export type NGetRsp = Command<'N-GET-RSP'>;
/** Changes attributes. PS3.7 10.3.3.1. */
export type NSetRq = Command<'N-SET-RQ'>;
/** Answers {@link NSetRq}. PS3.7 10.3.3.2. */
export type NSetRsp = Command<'N-SET-RSP'>;
/** Asks for an action. PS3.7 10.3.4.1. */
export type NActionRq = Command<'N-ACTION-RQ'>;
/** Answers {@link NActionRq}. PS3.7 10.3.4.2. */
export type NActionRsp = Command<'N-ACTION-RSP'>;
/** Creates an instance. PS3.7 10.3.5.1. */
export type NCreateRq = Command<'N-CREATE-RQ'>;
/** Answers {@link NCreateRq}. PS3.7 10.3.5.2. */
export type NCreateRsp = Command<'N-CREATE-RSP'>;
/** Deletes an instance. PS3.7 10.3.6.1. */
export type NDeleteRq = Command<'N-DELETE-RQ'>;
/** Answers {@link NDeleteRq}. PS3.7 10.3.6.2. */
export type NDeleteRsp = Command<'N-DELETE-RSP'>;

/** A command set whose command field the standard does not define, or that lacks what its message requires. */
export type UnknownCommand = CommandBase & {
  /** Tells it from the others. */
  readonly type: 'unknown';
  /** Command Field (0000,0100) as it came. */
  readonly commandField: number;
} & CommandValues<never, (typeof UNKNOWN_MESSAGE)['optional'][number]>;

/** A request that is answered by one or more responses. */
export type RequestCommand = Command<RequestType>;

/** A response. */
export type ResponseCommand = Command<ResponseType>;

/** Any command set; `type` tells which. */
export type CommandSet = RequestCommand | ResponseCommand | CCancelRq | UnknownCommand;

/** Name of the response to the request `T`. */
export type ResponseTypeOf<T extends RequestType> = T extends `${infer Service}-RQ`
  ? Extract<ResponseType, `${Service}-RSP`>
  : never;

/** The response that answers the request `C`. */
export type ResponseTo<C extends { readonly type: RequestType }> = Command<ResponseTypeOf<C['type']>>;

/** The request `C` without what the session adds. */
export type OutgoingRequest<C extends RequestCommand> = C extends unknown
  ? Omit<C, 'messageId' | 'hasDataSet' | 'unknownElements'>
  : never;

/** A request as it is given to a session, which adds the message ID and says whether a data set follows. */
export type RequestWithoutIds = OutgoingRequest<RequestCommand>;
