/** User identity negotiation: who the user of the requestor is. PS3.7 D.3.3.7. */
import type { UserIdentity, UserInformation } from '@dicomwire/pdu';

/** What a user proves its identity with. PS3.7 Table D.3-14. */
export type UserCredentials =
  /** A name, and nothing to prove it. */
  | { readonly type: 'username'; readonly username: string }
  | { readonly type: 'username-and-passcode'; readonly username: string; readonly passcode: string }
  /** A Kerberos service ticket (RFC 1510). */
  | { readonly type: 'kerberos'; readonly serviceTicket: Uint8Array }
  /** A SAML assertion, XML. */
  | { readonly type: 'saml'; readonly assertion: string }
  /** A JSON web token (RFC 7519). */
  | { readonly type: 'jwt'; readonly token: string };

/** Credentials as a requestor sends them. */
export type ProposedIdentity = UserCredentials & {
  /**
   * Whether the acceptor is asked to confirm: `'require'` aborts the association when it accepts and does not. An acceptor that does not know
   * user identities accepts without a word. Default `'none'`.
   */
  readonly positiveResponse?: 'none' | 'request' | 'require' | undefined;
};

/** A user as an acceptor knows it; no credentials. */
export interface VerifiedIdentity {
  readonly type: UserCredentials['type'];
  /** Where the identity is by name. */
  readonly username: string | undefined;
  /** What the verifier made of it. */
  readonly user: unknown;
}

/** The sub-item (58H) for these credentials. */
export function encodeIdentity(identity: ProposedIdentity): UserIdentity {
  const [primaryField, secondaryField] = fieldsOf(identity);
  return {
    userIdentityType: identityTypes.indexOf(identity.type) + 1,
    positiveResponseRequested: identity.positiveResponse === 'request' || identity.positiveResponse === 'require',
    primaryField,
    secondaryField,
  };
}

/** The credentials in a sub-item (58H); `undefined` where its type is none that is known. */
export function decodeIdentity(identity: UserIdentity): UserCredentials | undefined {
  const { primaryField, secondaryField } = identity;
  const type = identityTypes[identity.userIdentityType - 1];
  switch (type) {
    case 'username':
      return { type, username: text(primaryField) };
    case 'username-and-passcode':
      return { type, username: text(primaryField), passcode: text(secondaryField) };
    case 'kerberos':
      return { type, serviceTicket: primaryField };
    case 'saml':
      return { type, assertion: text(primaryField) };
    case 'jwt':
      return { type, token: text(primaryField) };
    case undefined:
      return undefined;
  }
}

/** User information without what proves an identity: names stay. */
export function withoutCredentials(information: UserInformation): UserInformation {
  const { userIdentity } = information;
  if (userIdentity === undefined) return information;
  const { userIdentityType, primaryField } = userIdentity;
  const kept = userIdentityType === 1 || userIdentityType === 2 ? primaryField : nothing;
  return { ...information, userIdentity: { ...userIdentity, primaryField: kept, secondaryField: nothing } };
}

const identityTypes = ['username', 'username-and-passcode', 'kerberos', 'saml', 'jwt'] as const;

const nothing = new Uint8Array(0);

function fieldsOf(credentials: UserCredentials): readonly [Uint8Array, Uint8Array] {
  const bytes = (value: string) => new TextEncoder().encode(value);
  switch (credentials.type) {
    case 'username':
      return [bytes(credentials.username), nothing];
    case 'username-and-passcode':
      return [bytes(credentials.username), bytes(credentials.passcode)];
    case 'kerberos':
      return [credentials.serviceTicket, nothing];
    case 'saml':
      return [bytes(credentials.assertion), nothing];
    case 'jwt':
      return [bytes(credentials.token), nothing];
  }
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
