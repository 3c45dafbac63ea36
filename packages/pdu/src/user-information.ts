import type { Cursor } from './cursor.js';
import { USER_INFORMATION_ITEMS as KINDS } from './item-kinds.js';
import type {
  RoleSelection,
  SopClassCommonExtendedNegotiation,
  SopClassExtendedNegotiation,
  UnknownItem,
  UserIdentity,
  UserInformation,
} from './types.js';
import type { Writer } from './writer.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** User information (50H): sub-items in any order. `isRequest`: the range of the user identity type is tested. */
export function readUserInformation(cursor: Cursor, isRequest: boolean): UserInformation {
  const info: Mutable<UserInformation> = {};
  const roles: RoleSelection[] = [];
  const extended: SopClassExtendedNegotiation[] = [];
  const commonExtended: SopClassCommonExtendedNegotiation[] = [];
  const unknown: UnknownItem[] = [];
  cursor.items(KINDS, (itemType, secondByte) => {
    switch (itemType) {
      case 0x51:
        info.maximumLength = cursor.u32('value');
        break;
      case 0x52:
        info.implementationClassUid = cursor.uid('uid');
        break;
      case 0x53:
        info.asynchronousOperationsWindow = {
          maximumOperationsInvoked: cursor.u16('maximumOperationsInvoked'),
          maximumOperationsPerformed: cursor.u16('maximumOperationsPerformed'),
        };
        break;
      case 0x54:
        roles.push(readRoleSelection(cursor));
        break;
      case 0x55:
        info.implementationVersionName = cursor.text('name');
        break;
      case 0x56:
        extended.push(readExtendedNegotiation(cursor));
        break;
      case 0x57:
        commonExtended.push(readCommonExtendedNegotiation(cursor, secondByte));
        break;
      case 0x58:
        info.userIdentity = readUserIdentity(cursor, isRequest);
        break;
      case 0x59:
        info.userIdentityResponse = cursor.sizedBytes('serverResponse');
        break;
      default:
        unknown.push(cursor.unknownItem(itemType));
    }
  });
  if (roles.length > 0) info.roleSelections = roles;
  if (extended.length > 0) info.sopClassExtendedNegotiations = extended;
  if (commonExtended.length > 0) info.sopClassCommonExtendedNegotiations = commonExtended;
  if (unknown.length > 0) info.unknownItems = unknown;
  return info;
}

/** Writes the sub-items in ascending order of type, unknown ones last. */
export function writeUserInformation(writer: Writer, info: UserInformation, isRequest: boolean): void {
  optional(writer, 0x51, info.maximumLength, (value) => writer.uint('value', value, 4));
  optional(writer, 0x52, info.implementationClassUid, (uid) => writer.uid('uid', uid));
  optional(writer, 0x53, info.asynchronousOperationsWindow, (window) => {
    writer.uint('maximumOperationsInvoked', window.maximumOperationsInvoked, 2);
    writer.uint('maximumOperationsPerformed', window.maximumOperationsPerformed, 2);
  });
  info.roleSelections?.forEach(({ sopClassUid, scuRole, scpRole }, index) => {
    writer.item(KINDS, 0x54, index, () => {
      writer.sizedUid('uid', sopClassUid);
      writer.uint('scuRole', scuRole ? 1 : 0, 1);
      writer.uint('scpRole', scpRole ? 1 : 0, 1);
    });
  });
  optional(writer, 0x55, info.implementationVersionName, (name) => {
    if (name.length > 16) throw writer.error('text-too-long', 'name', `${name.length} characters, at most 16`);
    writer.text('name', name);
  });
  info.sopClassExtendedNegotiations?.forEach((negotiation, index) => {
    writer.item(KINDS, 0x56, index, () => {
      writer.sizedUid('uid', negotiation.sopClassUid);
      writer.raw(negotiation.serviceClassApplicationInformation);
    });
  });
  info.sopClassCommonExtendedNegotiations?.forEach((negotiation, index) => {
    writer.item(KINDS, 0x57, index, () => writeCommonExtendedNegotiation(writer, negotiation), negotiation.version);
  });
  optional(writer, 0x58, info.userIdentity, (identity) => writeUserIdentity(writer, identity, isRequest));
  optional(writer, 0x59, info.userIdentityResponse, (response) => {
    writer.sizedBytes('serverResponse', response);
  });
  writer.unknownItems(KINDS, info.unknownItems);
}

/** 54H: UID length (2), UID, SCU role (1), SCP role (1). */
function readRoleSelection(cursor: Cursor): RoleSelection {
  return {
    sopClassUid: cursor.sizedUid('uid'),
    scuRole: cursor.u8('scuRole') === 1,
    scpRole: cursor.u8('scpRole') === 1,
  };
}

/** 56H: UID length (2), UID, service class application information up to the end. */
function readExtendedNegotiation(cursor: Cursor): SopClassExtendedNegotiation {
  return {
    sopClassUid: cursor.sizedUid('uid'),
    serviceClassApplicationInformation: cursor.bytes('serviceClassApplicationInformation'),
  };
}

/** 57H: SOP class UID and service class UID with lengths (2), length (2) of the list of UIDs with lengths (2), reserved. */
function readCommonExtendedNegotiation(cursor: Cursor, version: number): SopClassCommonExtendedNegotiation {
  const sopClassUid = cursor.sizedUid('sopClassUid');
  const serviceClassUid = cursor.sizedUid('serviceClassUid');
  const relatedGeneralSopClassUids: string[] = [];
  const listLength = cursor.length('relatedGeneralSopClassIdentificationLength');
  const { clause } = cursor.frame;
  cursor.list('relatedGeneralSopClass', clause, 'relatedGeneralSopClasses', cursor.at + listLength, () => {
    relatedGeneralSopClassUids.push(cursor.sizedUid('uid'));
  });
  return {
    version,
    sopClassUid,
    serviceClassUid,
    relatedGeneralSopClassUids,
    ...(cursor.left > 0 && { reserved: cursor.bytes('reserved') }),
  };
}

function writeCommonExtendedNegotiation(writer: Writer, negotiation: SopClassCommonExtendedNegotiation): void {
  writer.sizedUid('sopClassUid', negotiation.sopClassUid);
  writer.sizedUid('serviceClassUid', negotiation.serviceClassUid);
  writer.sized('relatedGeneralSopClassIdentificationLength', 2, () => {
    negotiation.relatedGeneralSopClassUids.forEach((uid, index) => {
      const field = `relatedGeneralSopClass[${index}]/uid`;
      writer.sizedUid(field, uid);
    });
  });
  if (negotiation.reserved) writer.raw(negotiation.reserved);
}

/** 58H: type (1), positive response requested (1), primary and secondary field, each with its length (2). */
function readUserIdentity(cursor: Cursor, isRequest: boolean): UserIdentity {
  const at = cursor.at;
  const userIdentityType = cursor.u8('userIdentityType');
  if (isRequest && !isUserIdentityType(userIdentityType)) {
    throw cursor.error('invalid-value', 'userIdentityType', `${userIdentityType} is not within 1 to 5`, at);
  }
  return {
    userIdentityType,
    positiveResponseRequested: cursor.u8('positiveResponseRequested') === 1,
    primaryField: cursor.sizedBytes('primaryField'),
    secondaryField: cursor.sizedBytes('secondaryField'),
  };
}

function writeUserIdentity(writer: Writer, identity: UserIdentity, isRequest: boolean): void {
  const { userIdentityType } = identity;
  if (isRequest && !isUserIdentityType(userIdentityType)) {
    throw writer.error('invalid-value', 'userIdentityType', `${userIdentityType} is not within 1 to 5`);
  }
  writer.uint('userIdentityType', userIdentityType, 1);
  writer.uint('positiveResponseRequested', identity.positiveResponseRequested ? 1 : 0, 1);
  writer.sizedBytes('primaryField', identity.primaryField);
  writer.sizedBytes('secondaryField', identity.secondaryField);
}

/** PS3.7 Table D.3-14: username, username and passcode, Kerberos, SAML, JWT. */
function isUserIdentityType(value: number): boolean {
  return value >= 1 && value <= 5;
}

function optional<T>(writer: Writer, itemType: number, value: T | undefined, write: (value: T) => void): void {
  if (value !== undefined) writer.item(KINDS, itemType, undefined, () => write(value));
}
