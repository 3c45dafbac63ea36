import fc from 'fast-check';
import type {
  AssociateAcPdu,
  AssociateRqPdu,
  Pdu,
  PresentationContextResult,
  ProposedPresentationContext,
  UnknownItem,
  UserInformation,
} from '../src/index.js';

const byte = fc.nat(0xff);
const uint16 = fc.nat(0xffff);
const bytes = fc.uint8Array({ maxLength: 40 });

/** Any characters of ISO 8859-1 that are no padding at the end where they stand. */
function text(maxLength: number): fc.Arbitrary<string> {
  return fc
    .array(byte, { maxLength })
    .map((codes) => String.fromCharCode(...codes).replace(/^ +/, ''))
    .map((characters) => characters.replace(/[\0 ]+$/, ''));
}

const uid = fc.oneof(fc.constantFrom('1.2.840.10008.1.2', '1.2.840.10008.1.1', '1.2.840.10008.5.1.4.1.1.2'), text(70));

function unknownItems(known: readonly number[]): fc.Arbitrary<UnknownItem[]> {
  const itemType = byte.filter((type) => !known.includes(type));
  return fc.array(fc.record({ itemType, data: bytes }), { minLength: 1, maxLength: 3 });
}

const USER_INFORMATION_TYPES = [0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59];

/** Any user information that can be written; its user identity has a type of the standard. */
export const userInformation: fc.Arbitrary<UserInformation> = fc.record(
  {
    maximumLength: fc.nat(0xffffffff),
    implementationClassUid: uid,
    asynchronousOperationsWindow: fc.record({ maximumOperationsInvoked: uint16, maximumOperationsPerformed: uint16 }),
    roleSelections: fc.array(fc.record({ sopClassUid: uid, scuRole: fc.boolean(), scpRole: fc.boolean() }), {
      minLength: 1,
    }),
    implementationVersionName: fc.array(byte, { maxLength: 16 }).map((codes) => String.fromCharCode(...codes)),
    sopClassExtendedNegotiations: fc.array(fc.record({ sopClassUid: uid, serviceClassApplicationInformation: bytes }), {
      minLength: 1,
    }),
    sopClassCommonExtendedNegotiations: fc.array(
      fc.record(
        {
          version: byte,
          sopClassUid: uid,
          serviceClassUid: uid,
          relatedGeneralSopClassUids: fc.array(uid),
          reserved: fc.uint8Array({ minLength: 1, maxLength: 9 }),
        },
        { requiredKeys: ['version', 'sopClassUid', 'serviceClassUid', 'relatedGeneralSopClassUids'] },
      ),
      { minLength: 1 },
    ),
    userIdentity: fc.record({
      userIdentityType: fc.integer({ min: 1, max: 5 }),
      positiveResponseRequested: fc.boolean(),
      primaryField: bytes,
      secondaryField: bytes,
    }),
    userIdentityResponse: bytes,
    unknownItems: unknownItems(USER_INFORMATION_TYPES),
  },
  { requiredKeys: [] },
);

const contextIds = fc.uniqueArray(
  fc.nat(127).map((n) => 2 * n + 1),
  { maxLength: 20 },
);

const proposedContexts: fc.Arbitrary<ProposedPresentationContext[]> = contextIds.chain((ids) =>
  fc.tuple(
    ...ids.map((id) =>
      fc.record(
        {
          id: fc.constant(id),
          abstractSyntax: uid,
          transferSyntaxes: fc.array(uid, { minLength: 1, maxLength: 5 }),
          unknownItems: unknownItems([0x30, 0x40]),
        },
        { requiredKeys: ['id', 'abstractSyntax', 'transferSyntaxes'] },
      ),
    ),
  ),
);

const contextResults: fc.Arbitrary<PresentationContextResult[]> = contextIds.chain((ids) =>
  fc.tuple(
    ...ids.map((id) =>
      fc.record(
        {
          id: fc.constant(id),
          result: byte,
          transferSyntax: fc.option(uid, { nil: undefined }),
          unknownItems: unknownItems([0x40]),
        },
        { requiredKeys: ['id', 'result', 'transferSyntax'] },
      ),
    ),
  ),
);

const associateFields = {
  protocolVersion: uint16,
  calledAeTitle: text(16),
  callingAeTitle: text(16),
  applicationContextName: fc.option(uid, { nil: undefined }),
  userInformation,
};

const ASSOCIATE_KEYS = [
  'type',
  'protocolVersion',
  'calledAeTitle',
  'callingAeTitle',
  'applicationContextName',
  'userInformation',
  'presentationContexts',
] as const;

const associateRq: fc.Arbitrary<AssociateRqPdu> = fc.record(
  {
    ...associateFields,
    type: fc.constant('A-ASSOCIATE-RQ' as const),
    presentationContexts: proposedContexts,
    unknownItems: unknownItems([0x10, 0x20, 0x50]),
  },
  { requiredKeys: [...ASSOCIATE_KEYS] },
);

const associateAc: fc.Arbitrary<AssociateAcPdu> = fc.record(
  {
    ...associateFields,
    type: fc.constant('A-ASSOCIATE-AC' as const),
    presentationContexts: contextResults,
    unknownItems: unknownItems([0x10, 0x21, 0x50]),
  },
  { requiredKeys: [...ASSOCIATE_KEYS] },
);

const value = fc.record({ contextId: byte, isCommand: fc.boolean(), isLast: fc.boolean(), data: bytes });

/** Any PDU that can be written and that PS3.8 defines, in the form in which decode gives it, but for `titleBytes`. */
export const definedPdu: fc.Arbitrary<Pdu> = fc.oneof(
  { weight: 4, arbitrary: associateRq },
  { weight: 4, arbitrary: associateAc },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('A-ASSOCIATE-RJ' as const), result: byte, source: byte, reason: byte }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('P-DATA-TF' as const),
      values: fc.array(value, { minLength: 1, maxLength: 8 }),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom<Pdu>({ type: 'A-RELEASE-RQ' }, { type: 'A-RELEASE-RP' }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('A-ABORT' as const), source: byte, reason: byte }) },
);

/** Any PDU that can be written. */
export const anyPdu: fc.Arbitrary<Pdu> = fc.oneof(
  { weight: 9, arbitrary: definedPdu },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('unknown' as const),
      pduType: byte.filter((type) => type === 0 || type > 7),
      data: bytes,
    }),
  },
);
