/**
 * The PDUs of PS3.8 9.3 and the items and sub-items of PS3.8 9.3 and PS3.7 Annex D.3, as readonly plain objects.
 *
 * A PDU is a member of the union {@link Pdu}, told apart by the literal `type`. AE titles are given without their
 * padding, UIDs without trailing NULs; everything else stands as it does on the wire.
 */

/** Any PDU; `type` tells which. PS3.8 9.3.1. */
export type Pdu =
  | AssociateRqPdu
  | AssociateAcPdu
  | AssociateRjPdu
  | PDataTfPdu
  | ReleaseRqPdu
  | ReleaseRpPdu
  | AbortPdu
  | UnknownPdu;

/** What both A-ASSOCIATE-RQ and A-ASSOCIATE-AC carry. PS3.8 Tables 9-11 and 9-17. */
export interface AssociatePduFields {
  /** Bit field of supported versions; bit 0 is version 1, the only one there is. */
  readonly protocolVersion: number;
  /** Called AE title, padding removed. In an A-ASSOCIATE-AC not significant (repeats the request). */
  readonly calledAeTitle: string;
  /** Calling AE title, padding removed. In an A-ASSOCIATE-AC not significant (repeats the request). */
  readonly callingAeTitle: string;
  /**
   * Bytes 11 to 74 as they stand on the wire (both AE titles and the 32 reserved bytes), 64 bytes. When given, encode
   * writes exactly these in place of the two titles: that is how an A-ASSOCIATE-AC repeats the request's bytes.
   */
  readonly titleBytes?: Uint8Array | undefined;
  /** Application context name UID; `undefined` when the item is absent. PS3.8 9.3.2.1. */
  readonly applicationContextName: string | undefined;
  /** User information, empty object when the item is absent. PS3.8 9.3.2.3. */
  readonly userInformation: UserInformation;
  /** Items of types this codec does not know, in order; they survive a round trip. */
  readonly unknownItems?: readonly UnknownItem[] | undefined;
}

/** A-ASSOCIATE-RQ (01H). PS3.8 9.3.2. */
export interface AssociateRqPdu extends AssociatePduFields {
  readonly type: 'A-ASSOCIATE-RQ';
  /** Proposed presentation contexts, in order. PS3.8 9.3.2.2. */
  readonly presentationContexts: readonly ProposedPresentationContext[];
}

/** A-ASSOCIATE-AC (02H). PS3.8 9.3.3. */
export interface AssociateAcPdu extends AssociatePduFields {
  readonly type: 'A-ASSOCIATE-AC';
  /** Presentation context results, in order. PS3.8 9.3.3.2. */
  readonly presentationContexts: readonly PresentationContextResult[];
}

/** Proposed presentation context item (20H). PS3.8 9.3.2.2. */
export interface ProposedPresentationContext {
  /** Odd, 1 to 255. */
  readonly id: number;
  /** Abstract syntax UID. */
  readonly abstractSyntax: string;
  /** Transfer syntax UIDs, at least one, in order of preference of the proposer (no order is promised by the standard). */
  readonly transferSyntaxes: readonly string[];
  /** Sub-items of types this codec does not know here, in order. */
  readonly unknownItems?: readonly UnknownItem[] | undefined;
}

/**
 * Result/reason of a presentation context, PS3.8 Table 9-18: 0 acceptance, 1 user rejection, 2 no reason (provider
 * rejection), 3 abstract syntax not supported, 4 transfer syntaxes not supported.
 */
export type PresentationContextResultCode = 0 | 1 | 2 | 3 | 4;

/** Presentation context result item (21H). PS3.8 9.3.3.2. */
export interface PresentationContextResult {
  /** The ID of the proposed context that this answers. */
  readonly id: number;
  /** 0 to 4 as {@link PresentationContextResultCode} names them; kept as it came when out of range. */
  readonly result: number;
  /** Chosen transfer syntax UID; not significant unless result is 0; `undefined` when the sub-item is absent. */
  readonly transferSyntax: string | undefined;
  /** Sub-items of types this codec does not know here, in order. */
  readonly unknownItems?: readonly UnknownItem[] | undefined;
}

/** A-ASSOCIATE-RJ (03H). PS3.8 9.3.4. */
export interface AssociateRjPdu {
  readonly type: 'A-ASSOCIATE-RJ';
  /** 1 rejected-permanent, 2 rejected-transient. */
  readonly result: number;
  /** 1 service-user, 2 service-provider (ACSE), 3 service-provider (presentation). */
  readonly source: number;
  /** Reason/diag., its meaning depends on the source: PS3.8 Table 9-21. */
  readonly reason: number;
}

/** P-DATA-TF (04H). PS3.8 9.3.5. */
export interface PDataTfPdu {
  readonly type: 'P-DATA-TF';
  readonly values: readonly PresentationDataValue[];
}

/** Presentation data value item. PS3.8 9.3.5.1 and Annex E.2. */
export interface PresentationDataValue {
  readonly contextId: number;
  /** Message control header bit 0: command (true) or data set (false). */
  readonly isCommand: boolean;
  /** Message control header bit 1: last fragment. */
  readonly isLast: boolean;
  /** The fragment: a view of the decoded bytes, not a copy. */
  readonly data: Uint8Array;
}

/** A-RELEASE-RQ (05H). PS3.8 9.3.6. */
export interface ReleaseRqPdu {
  readonly type: 'A-RELEASE-RQ';
}

/** A-RELEASE-RP (06H). PS3.8 9.3.7. */
export interface ReleaseRpPdu {
  readonly type: 'A-RELEASE-RP';
}

/** A-ABORT (07H). PS3.8 9.3.8. */
export interface AbortPdu {
  readonly type: 'A-ABORT';
  /** 0 service-user, 2 service-provider. */
  readonly source: number;
  /**
   * 0 not specified, 1 unrecognized PDU, 2 unexpected PDU, 4 unrecognized PDU parameter, 5 unexpected PDU parameter,
   * 6 invalid PDU parameter value. Not significant when the source is 0.
   */
  readonly reason: number;
}

/** A PDU of a type that PS3.8 does not define; its bytes survive a round trip. */
export interface UnknownPdu {
  readonly type: 'unknown';
  readonly pduType: number;
  /** What follows the six bytes of header. */
  readonly data: Uint8Array;
}

/** An item or sub-item of a type this codec does not know. */
export interface UnknownItem {
  readonly itemType: number;
  /** What follows the four bytes of header. */
  readonly data: Uint8Array;
}

/** User information item (50H) and its sub-items. PS3.8 9.3.2.3, Annex D, PS3.7 D.3.3. */
export interface UserInformation {
  /** Sub-item 51H, bytes; 0 is unlimited; `undefined` when absent (unlimited as well). PS3.8 D.1. */
  readonly maximumLength?: number | undefined;
  /** Sub-item 52H. PS3.7 D.3.3.2. */
  readonly implementationClassUid?: string | undefined;
  /** Sub-item 53H. PS3.7 D.3.3.3. */
  readonly asynchronousOperationsWindow?: AsynchronousOperationsWindow | undefined;
  /** Sub-items 54H. PS3.7 D.3.3.4. */
  readonly roleSelections?: readonly RoleSelection[] | undefined;
  /** Sub-item 55H, up to 16 characters. PS3.7 D.3.3.2. */
  readonly implementationVersionName?: string | undefined;
  /** Sub-items 56H. PS3.7 D.3.3.5. */
  readonly sopClassExtendedNegotiations?: readonly SopClassExtendedNegotiation[] | undefined;
  /** Sub-items 57H. PS3.7 D.3.3.6. */
  readonly sopClassCommonExtendedNegotiations?: readonly SopClassCommonExtendedNegotiation[] | undefined;
  /** Sub-item 58H (A-ASSOCIATE-RQ). PS3.7 D.3.3.7.1. */
  readonly userIdentity?: UserIdentity | undefined;
  /** Sub-item 59H (A-ASSOCIATE-AC): the server response. PS3.7 D.3.3.7.2. */
  readonly userIdentityResponse?: Uint8Array | undefined;
  /** Sub-items of other types, in order. */
  readonly unknownItems?: readonly UnknownItem[] | undefined;
}

/** Asynchronous operations window sub-item (53H); 0 is unlimited. PS3.7 D.3.3.3. */
export interface AsynchronousOperationsWindow {
  readonly maximumOperationsInvoked: number;
  readonly maximumOperationsPerformed: number;
}

/** SCP/SCU role selection sub-item (54H). PS3.7 D.3.3.4. */
export interface RoleSelection {
  readonly sopClassUid: string;
  readonly scuRole: boolean;
  readonly scpRole: boolean;
}

/** SOP class extended negotiation sub-item (56H). PS3.7 D.3.3.5. */
export interface SopClassExtendedNegotiation {
  readonly sopClassUid: string;
  readonly serviceClassApplicationInformation: Uint8Array;
}

/** SOP class common extended negotiation sub-item (57H). PS3.7 D.3.3.6. */
export interface SopClassCommonExtendedNegotiation {
  /** Sub-item version, 0 now. */
  readonly version?: number | undefined;
  readonly sopClassUid: string;
  readonly serviceClassUid: string;
  readonly relatedGeneralSopClassUids: readonly string[];
  /** Bytes after the defined fields (reserved for later versions). */
  readonly reserved?: Uint8Array | undefined;
}

/** User identity negotiation sub-item (58H). PS3.7 D.3.3.7.1. */
export interface UserIdentity {
  /** 1 username, 2 username and passcode, 3 Kerberos service ticket, 4 SAML assertion, 5 JSON web token. */
  readonly userIdentityType: number;
  readonly positiveResponseRequested: boolean;
  readonly primaryField: Uint8Array;
  /** Passcode, when the type is 2; empty otherwise. */
  readonly secondaryField: Uint8Array;
}
