import type { Limits } from './limits.js';

/** What the codec knows of an item before its value: how errors call it, where it is described, how often it may be there. */
export interface ItemKind {
  /** Its place among the kinds that may stand beside it, from 1; 0 is for unknown items. */
  readonly slot: number;
  readonly name: string;
  readonly clause: string;
  /** The cap on its number; `undefined` when only one may be there. */
  readonly limit: keyof Limits | undefined;
}

/** The items that may stand in one place, by item type; any other is unknown there and kept as it is. */
export type ItemKinds = readonly (ItemKind | undefined)[];

/** An item of a type that has no meaning where it stands; it is described nowhere. */
export const UNKNOWN_KIND: ItemKind = {
  slot: 0,
  name: 'unknownItem',
  clause: '',
  limit: 'unknownItems',
};

/** The one item whose second byte is not reserved. */
export const VERSIONED_ITEM = 'sopClassCommonExtendedNegotiation';

/** In an A-ASSOCIATE-RQ. PS3.8 9.3.2. */
export const REQUEST_ITEMS = kinds(
  [0x10, 'applicationContextName', 'PS3.8 9.3.2.1'],
  [0x20, 'presentationContext', 'PS3.8 9.3.2.2', 'presentationContexts'],
  [0x50, 'userInformation', 'PS3.8 9.3.2.3'],
);

/** In an A-ASSOCIATE-AC. PS3.8 9.3.3. */
export const ACCEPT_ITEMS = kinds(
  [0x10, 'applicationContextName', 'PS3.8 9.3.3.1'],
  [0x21, 'presentationContext', 'PS3.8 9.3.3.2', 'presentationContexts'],
  [0x50, 'userInformation', 'PS3.8 9.3.3.3'],
);

/** In a proposed presentation context. PS3.8 9.3.2.2. */
export const PROPOSED_CONTEXT_ITEMS = kinds(
  [0x30, 'abstractSyntax', 'PS3.8 9.3.2.2.1'],
  [0x40, 'transferSyntax', 'PS3.8 9.3.2.2.2', 'transferSyntaxes'],
);

/** In the result of a presentation context. PS3.8 9.3.3.2. */
export const CONTEXT_RESULT_ITEMS = kinds([0x40, 'transferSyntax', 'PS3.8 9.3.3.2.1']);

/** In user information. PS3.8 Annex D, PS3.7 D.3.3. */
export const USER_INFORMATION_ITEMS = kinds(
  [0x51, 'maximumLength', 'PS3.8 D.1'],
  [0x52, 'implementationClassUid', 'PS3.7 D.3.3.2.1'],
  [0x53, 'asynchronousOperationsWindow', 'PS3.7 D.3.3.3'],
  [0x54, 'roleSelection', 'PS3.7 D.3.3.4', 'negotiationItems'],
  [0x55, 'implementationVersionName', 'PS3.7 D.3.3.2.3'],
  [0x56, 'sopClassExtendedNegotiation', 'PS3.7 D.3.3.5', 'negotiationItems'],
  [0x57, VERSIONED_ITEM, 'PS3.7 D.3.3.6', 'negotiationItems'],
  [0x58, 'userIdentity', 'PS3.7 D.3.3.7.1'],
  [0x59, 'userIdentityResponse', 'PS3.7 D.3.3.7.2'],
);

function kinds(...list: [itemType: number, name: string, clause: string, limit?: keyof Limits][]): ItemKinds {
  const table = new Array<ItemKind | undefined>(0x5a).fill(undefined);
  list.forEach(([itemType, name, clause, limit], index) => {
    table[itemType] = { slot: index + 1, name, clause, limit };
  });
  return table;
}
