/** Bytes that are made once and sent many times. */
import { encodeCommandSet } from '@dicomwire/dimse';
import { encode } from '@dicomwire/pdu';

const APPLICATION_CONTEXT = '1.2.840.10008.3.1.1.1';
const VERIFICATION = '1.2.840.10008.1.1';
const IMPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2';

const titles = { calledAeTitle: 'LOAD', callingAeTitle: 'LOADER' };
const userInformation = { maximumLength: 16_384, implementationClassUid: '2.25.1' };

/** First bytes of PDUs. PS3.8 9.3.1. */
export const PDU = { rq: 1, ac: 2, data: 4, releaseRq: 5, releaseRp: 6 } as const;

/** What the acceptors take: Verification. */
export const PRESENTATION_CONTEXT = {
  abstractSyntax: VERIFICATION,
  transferSyntaxes: [IMPLICIT_VR_LITTLE_ENDIAN],
} as const;

/** An A-ASSOCIATE-RQ for Verification. */
export const RQ = encode({
  type: 'A-ASSOCIATE-RQ',
  protocolVersion: 1,
  ...titles,
  applicationContextName: APPLICATION_CONTEXT,
  presentationContexts: [{ id: 1, ...PRESENTATION_CONTEXT }],
  userInformation,
});

/** Its acceptance. */
export const AC = encode({
  type: 'A-ASSOCIATE-AC',
  protocolVersion: 1,
  ...titles,
  applicationContextName: APPLICATION_CONTEXT,
  presentationContexts: [{ id: 1, result: 0, transferSyntax: IMPLICIT_VR_LITTLE_ENDIAN }],
  userInformation,
});

export const RELEASE_RQ = encode({ type: 'A-RELEASE-RQ' });
export const RELEASE_RP = encode({ type: 'A-RELEASE-RP' });
export const ABORT = encode({ type: 'A-ABORT', source: 0, reason: 0 });

/** A C-ECHO-RQ in one PDU. */
export const ECHO_RQ = encode({
  type: 'P-DATA-TF',
  values: [
    {
      contextId: 1,
      isCommand: true,
      isLast: true,
      data: encodeCommandSet({
        type: 'C-ECHO-RQ',
        messageId: 1,
        affectedSopClassUid: VERIFICATION,
        hasDataSet: false,
      }),
    },
  ],
});
