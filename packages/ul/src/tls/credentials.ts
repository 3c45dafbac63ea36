/** Reads keys, certificates and lists from wherever they are, and says in words what is wrong with them. */
import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import { AssociationError } from '../errors.js';
import { normalizeFingerprint } from '../fingerprint.js';
import { toError } from '../user-code.js';
import { defaultCipherSuites, type PemSource, type TlsIdentity, type TlsOptions } from './options.js';

/** Everything read and found usable. */
export interface Credentials {
  /** Both for `node:tls`: what was read, and what it made of it. */
  readonly options: SecureContextOptions;
  readonly context: SecureContext;
  /** Normalized: 64 lower-case hexadecimal digits each. `undefined` where none are pinned. */
  readonly pinnedFingerprints: ReadonlySet<string> | undefined;
  /** Makes a context that differs in its identity only. */
  withIdentity(identity: TlsIdentity): Promise<SecureContext>;
}

/**
 * Reads what the options name.
 *
 * @throws {@link AssociationError} with code `invalid-option`: a file can't be read, a passphrase is wrong, a key isn't that of its certificate
 */
export async function readCredentials(options: TlsOptions): Promise<Credentials> {
  const shared = {
    ca: await readAll('trustedCertificates', options.trustedCertificates),
    crl: await readAll('revocationLists', options.revocationLists),
    minVersion: options.minimumVersion ?? 'TLSv1.2',
    maxVersion: options.maximumVersion ?? 'TLSv1.3',
    ciphers: (options.cipherSuites ?? defaultCipherSuites).join(':'),
    honorCipherOrder: true,
  } satisfies SecureContextOptions;
  const withIdentity = async (identity: TlsIdentity) => given({ ...shared, ...(await readIdentity(identity)) });
  const read = await withIdentity(options);
  return {
    options: read,
    context: makeContext(read),
    pinnedFingerprints: options.pinnedFingerprints && new Set(options.pinnedFingerprints.map(normalizeFingerprint)),
    withIdentity: async (identity) => makeContext(await withIdentity(identity)),
  };
}

async function readIdentity(identity: TlsIdentity): Promise<SecureContextOptions> {
  const { certificate, privateKey, passphrase } = identity;
  if ((certificate === undefined) !== (privateKey === undefined)) {
    throw invalid('a certificate needs its private key, and a private key its certificate: only one of them is given');
  }
  if (certificate === undefined || privateKey === undefined) return {};
  const cert = await read('certificate', certificate);
  const key = await read('privateKey', privateKey);
  return passphrase === undefined ? { cert, key } : { cert, key, passphrase: await ask(passphrase) };
}

async function ask(passphrase: NonNullable<TlsIdentity['passphrase']>): Promise<string> {
  if (typeof passphrase === 'string') return passphrase;
  try {
    return await passphrase();
  } catch (error) {
    throw invalid('the passphrase of the private key could not be asked for', error);
  }
}

async function readAll(option: string, sources: TlsOptions['trustedCertificates']): Promise<Buffer[] | undefined> {
  if (sources === undefined) return undefined;
  const list = typeof sources === 'string' || sources instanceof Uint8Array ? [sources] : sources;
  return await Promise.all(list.map((source) => read(option, source)));
}

async function read(option: string, source: PemSource): Promise<Buffer> {
  if (typeof source !== 'string') return Buffer.from(source);
  if (source.includes('-----BEGIN')) return Buffer.from(source);
  try {
    return await readFile(source);
  } catch (error) {
    throw invalid(`${option}: ${toError(error).message}`, error);
  }
}

function makeContext(options: SecureContextOptions): SecureContext {
  try {
    return createSecureContext(options);
  } catch (error) {
    const { message, code } = openSslError(error);
    throw invalid(`TLS: ${contextProblems[code] ?? (code.startsWith('ERR_OSSL_PEM') ? notPem : message)}`, error);
  }
}

function openSslError(error: unknown): { readonly message: string; readonly code: string } {
  const { message } = toError(error);
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  return { message, code };
}

/** Without what is undefined. */
function given(options: SecureContextOptions): SecureContextOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

const notPem = 'a certificate, key or list is not PEM';

const contextProblems: Readonly<Record<string, string>> = {
  ERR_OSSL_BAD_DECRYPT: 'the passphrase does not open the private key',
  ERR_OSSL_CRYPTO_INTERRUPTED_OR_CANCELLED: 'the private key is encrypted: give its passphrase',
  ERR_OSSL_INTERRUPTED_OR_CANCELLED: 'the private key is encrypted: give its passphrase',
  ERR_OSSL_BAD_PASSWORD_READ: 'the private key is encrypted: give its passphrase',
  ERR_OSSL_UI_USER_INTERFACE_ERROR: 'the private key is encrypted: give its passphrase',
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: 'the private key is not that of the certificate',
  ERR_OSSL_X509_KEY_TYPE_MISMATCH: 'the private key is not that of the certificate',
  ERR_OSSL_UNSUPPORTED: 'the private key is in no format that is known, or its passphrase is wrong',
  ERR_SSL_NO_CIPHER_MATCH: 'none of the cipher suites is known',
};

function invalid(message: string, cause?: unknown): AssociationError {
  return new AssociationError('invalid-option', message, cause === undefined ? {} : { cause });
}
