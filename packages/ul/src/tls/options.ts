/** TLS of either role, as its user sets it. The default is the BCP 195 profile of PS3.15 B.12. */

/** PEM: its text, its bytes, or the path of a file that holds it (a string without `-----BEGIN`). */
export type PemSource = string | Uint8Array;

/** What one side shows the other to prove who it is. */
export interface TlsIdentity {
  /** Our certificate, followed by those that lead to a trusted one. */
  readonly certificate?: PemSource | undefined;
  /** The private key of our certificate. */
  readonly privateKey?: PemSource | undefined;
  /** Of an encrypted private key, or a function that asks for it when the key is read. */
  readonly passphrase?: string | (() => string | Promise<string>) | undefined;
}

/** TLS options of both roles. */
export interface TlsOptions extends TlsIdentity {
  /** Certificates of the authorities that are trusted to vouch for the peer. Default: those that Node.js trusts. */
  readonly trustedCertificates?: PemSource | readonly PemSource[] | undefined;
  /** Certificate revocation lists of the authorities; when there are any, each authority of a chain needs one that is in date. */
  readonly revocationLists?: PemSource | readonly PemSource[] | undefined;
  /**
   * SHA-256 fingerprints (hexadecimal, colons or not). The peer must hold one of these certificates; whoever signed it, and whatever it
   * says of its host, no longer matters, its validity period does.
   */
  readonly pinnedFingerprints?: readonly string[] | undefined;
  /** Default `'TLSv1.2'`; the newest that both sides have is used. */
  readonly minimumVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined;
  /** Default `'TLSv1.3'`. */
  readonly maximumVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined;
  /** OpenSSL's names, in order of preference. Default {@link defaultCipherSuites}. */
  readonly cipherSuites?: readonly string[] | undefined;
}

/** TLS options of a requestor. */
export interface TlsConnectOptions extends TlsOptions {
  /** Host name to ask for (SNI) and to find in the peer's certificate. Default: `host`. */
  readonly serverName?: string | undefined;
  /**
   * What of the peer's certificate is verified: `'full'`, the chain of authorities and the host name; `'chain'`, the host name may be
   * any; `'none'`, nothing, for tests. Default `'full'`.
   */
  readonly verification?: 'full' | 'chain' | 'none' | undefined;
}

/** TLS options of an acceptor; it needs a certificate and its key. */
export interface TlsServerOptions extends TlsOptions {
  /**
   * Whether clients show a certificate: `'require'`; `'request'`, it may be absent but not wrong; `'none'`. Default: `'require'` where
   * `trustedCertificates` or `pinnedFingerprints` are given, else `'none'`.
   */
  readonly clientCertificate?: 'require' | 'request' | 'none' | undefined;
  /** Other certificates by the host name that a client asks for (SNI); `*.example.org` stands for one label. */
  readonly serverNames?: Readonly<Record<string, TlsIdentity>> | undefined;
}

/** Cipher suites of the BCP 195 profile: TLS 1.3's, then ECDHE with AES-GCM. PS3.15 B.12, RFC 9325 4.2. */
export const defaultCipherSuites: readonly string[] = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
];
