/** Messages as the tests ask and answer them, and as they stand on the wire. */
import {
  type CommandSet,
  DataSet,
  decodeCommandSet,
  encodeCommandSet,
  type IncomingRequest,
  type OutgoingResponse,
} from '@dicomwire/dimse';
import type { ScriptedPeer } from '@dicomwire/ul/testing';
import { CT_IMAGE_STORAGE, STUDY_ROOT_FIND, VERIFICATION } from './scene.js';

export const ECHO = { type: 'C-ECHO-RQ', affectedSopClassUid: VERIFICATION } as const;
export const STORE = {
  type: 'C-STORE-RQ',
  affectedSopClassUid: CT_IMAGE_STORAGE,
  affectedSopInstanceUid: '1.2.3',
} as const;
export const FIND = { type: 'C-FIND-RQ', affectedSopClassUid: STUDY_ROOT_FIND } as const;
export const SUCCESS: OutgoingResponse = { status: 0x0000 };

/** A data set of one element. */
export function named(patientName: string): DataSet {
  return DataSet.from({ PatientName: patientName });
}

/** Answers success to everything, and keeps the data sets that came. */
export function keeper() {
  const kept: Buffer[] = [];
  const handler = async ({ dataSet }: IncomingRequest): Promise<OutgoingResponse> => {
    if (dataSet !== undefined) kept.push(Buffer.from(await dataSet.bytes()));
    return SUCCESS;
  };
  return { kept, handler };
}

/** A successful C-ECHO response. */
export function echoRsp(messageIdBeingRespondedTo: number): CommandSet {
  return { type: 'C-ECHO-RSP', hasDataSet: false, messageIdBeingRespondedTo, status: 0 };
}

/** A P-DATA-TF PDU with one PDV. */
export function pdv(contextId: number, kind: 'command' | 'data', isLast: boolean, data: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt8(0x04, 0);
  bytes.writeUInt32BE(6 + data.length, 2);
  bytes.writeUInt32BE(2 + data.length, 6);
  bytes.writeUInt8(contextId, 10);
  bytes.writeUInt8((kind === 'command' ? 1 : 0) | (isLast ? 2 : 0), 11);
  bytes.set(data, 12);
  return bytes;
}

/** A whole message, command and data set in one PDV each. */
export function message(contextId: number, command: CommandSet, dataSet?: Uint8Array): Uint8Array {
  const parts = [pdv(contextId, 'command', true, encodeCommandSet(command))];
  if (dataSet !== undefined) parts.push(pdv(contextId, 'data', true, dataSet));
  return Buffer.concat(parts);
}

/** What the peer got: commands, lengths of data fragments, and the types of other PDUs with what they say. */
export function received(peer: ScriptedPeer): (CommandSet | string)[] {
  return peer.takePdus().flatMap((pdu): (CommandSet | string)[] => {
    if (pdu.type === 'A-ABORT') return [`A-ABORT(${pdu.source},${pdu.reason})`];
    if (pdu.type !== 'P-DATA-TF') return [pdu.type];
    return pdu.values.map(({ isCommand, isLast, data }) =>
      isCommand ? decodeCommandSet(data) : `${data.length} bytes${isLast ? ', last' : ''}`,
    );
  });
}

/** The commands among what the peer got. */
export function receivedCommands(peer: ScriptedPeer): CommandSet[] {
  return received(peer).filter((item) => typeof item !== 'string');
}

export function echoRq(messageId: number): CommandSet {
  return { type: 'C-ECHO-RQ', hasDataSet: false, messageId, affectedSopClassUid: VERIFICATION };
}

export function storeRq(messageId: number): CommandSet {
  return {
    type: 'C-STORE-RQ',
    hasDataSet: true,
    messageId,
    affectedSopClassUid: CT_IMAGE_STORAGE,
    affectedSopInstanceUid: `1.2.${messageId}`,
  };
}

export function findRq(messageId: number): CommandSet {
  return { type: 'C-FIND-RQ', hasDataSet: true, messageId, affectedSopClassUid: STUDY_ROOT_FIND };
}

export function getRq(messageId: number): CommandSet {
  return { type: 'C-GET-RQ', hasDataSet: true, messageId, affectedSopClassUid: STUDY_ROOT_FIND };
}
