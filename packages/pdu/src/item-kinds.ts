import type { Limits } from './limits.js';

/** What the codec knows of an item before its value: how errors call it, where it is described, how often it may be there. */
export interface ItemKind {
  readonly name: string;
  readonly clause: string;
  /** The cap on its number; `undefined` when only one may be there. */
  readonly limit?: keyof Limits | undefined;
}

/** The items that may stand in one place, by item type; any other is unknown there and kept as it is. */
export type ItemKinds = Readonly<Record<number, ItemKind>>;

/** In an A-ASSOCIATE-RQ. PS3.8 9.3.2. */
export const REQUEST_ITEMS: ItemKinds = {
  16: { name: 'applicationContextName', clause: 'PS3.8 9.3.2.1' },
  32: { name: 'presentationContext', clause: 'PS3.8 9.3.2.2', limit: 'presentationContexts' },
  80: { name: 'userInformation', clause: 'PS3.8 9.3.2.3' },
};

/** In an A-ASSOCIATE-AC. PS3.8 9.3.3. */
export const ACCEPT_ITEMS: ItemKinds = {
  16: { name: 'applicationContextName', clause: 'PS3.8 9.3.3.1' },
  33: { name: 'presentationContext', clause: 'PS3.8 9.3.3.2', limit: 'presentationContexts' },
  80: { name: 'userInformation', clause: 'PS3.8 9.3.3.3' },
};

/** In a proposed presentation context. PS3.8 9.3.2.2. */
export const PROPOSED_CONTEXT_ITEMS: ItemKinds = {
  48: { name: 'abstractSyntax', clause: 'PS3.8 9.3.2.2.1' },
  64: { name: 'transferSyntax', clause: 'PS3.8 9.3.2.2.2', limit: 'transferSyntaxes' },
};

/** In the result of a presentation context. PS3.8 9.3.3.2. */
export const CONTEXT_RESULT_ITEMS: ItemKinds = {
  64: { name: 'transferSyntax', clause: 'PS3.8 9.3.3.2.1' },
};

/** In user information. PS3.8 Annex D, PS3.7 D.3.3. */
export const USER_INFORMATION_ITEMS: ItemKinds = {
  81: { name: 'maximumLength', clause: 'PS3.8 D.1' },
  82: { name: 'implementationClassUid', clause: 'PS3.7 D.3.3.2.1' },
  83: { name: 'asynchronousOperationsWindow', clause: 'PS3.7 D.3.3.3' },
  84: { name: 'roleSelection', clause: 'PS3.7 D.3.3.4', limit: 'negotiationItems' },
  85: { name: 'implementationVersionName', clause: 'PS3.7 D.3.3.2.3' },
  86: { name: 'sopClassExtendedNegotiation', clause: 'PS3.7 D.3.3.5', limit: 'negotiationItems' },
  87: { name: 'sopClassCommonExtendedNegotiation', clause: 'PS3.7 D.3.3.6', limit: 'negotiationItems' },
  88: { name: 'userIdentity', clause: 'PS3.7 D.3.3.7.1' },
  89: { name: 'userIdentityResponse', clause: 'PS3.7 D.3.3.7.2' },
};
