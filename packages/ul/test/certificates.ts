/** Certificates and revocation lists made for a test, when it runs: X.509 as RFC 5280 lays it out, with keys on P-256. */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** Somebody who has a certificate. */
export interface Holder {
  readonly name: string;
  readonly certificate: string;
  readonly privateKey: string;
  readonly key: KeyObject;
  readonly serialNumber: Buffer;
}

/** What a certificate says. */
export interface CertificateOptions {
  /** Default: itself. */
  readonly issuer?: Holder;
  readonly isAuthority?: boolean;
  /** Host names and IPv4 addresses. */
  readonly hosts?: readonly string[];
  /** Kind of its key: a curve (P-256), or RSA for peers that know nothing else. Default `'ec'`; an authority's is always that. */
  readonly keyType?: 'ec' | 'rsa';
  /** Days from now: when it becomes valid, and when it ends to be. */
  readonly validDays?: readonly [number, number];
}

/** Makes a certificate and its key. */
export function makeCertificate(name: string, options: CertificateOptions = {}): Holder {
  const { issuer, isAuthority = false, hosts = [], keyType = 'ec', validDays = [-1, 30] } = options;
  const { privateKey, publicKey } = makeKeys(keyType);
  const serialNumber = Buffer.concat([Buffer.of(1), randomBytes(7)]);
  const extensions = [
    extension('551d13', true, sequence(isAuthority ? boolean(true) : Buffer.alloc(0))),
    ...(hosts.length > 0 ? [extension('551d11', false, sequence(...hosts.map(generalName)))] : []),
  ];
  const body = sequence(
    tagged(0xa0, integer(Buffer.of(2))),
    integer(serialNumber),
    ecdsaWithSha256,
    commonName(issuer?.name ?? name),
    sequence(time(validDays[0]), time(validDays[1])),
    commonName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions)),
  );
  return {
    name,
    certificate: pem('CERTIFICATE', signed(body, issuer?.key ?? privateKey)),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    key: privateKey,
    serialNumber,
  };
}

/** Makes a revocation list of an authority. */
export function makeRevocationList(issuer: Holder, revoked: readonly Holder[]): string {
  const entries = revoked.map(({ serialNumber }) => sequence(integer(serialNumber), time(-1)));
  const body = sequence(
    integer(Buffer.of(1)),
    ecdsaWithSha256,
    commonName(issuer.name),
    time(-1),
    time(30),
    ...(entries.length > 0 ? [sequence(...entries)] : []),
  );
  return pem('X509 CRL', signed(body, issuer.key));
}

function makeKeys(keyType: 'ec' | 'rsa') {
  return keyType === 'ec'
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('rsa', { modulusLength: 2048 });
}

function signed(body: Buffer, key: KeyObject): Buffer {
  const signature = sign('sha256', body, key);
  return sequence(body, ecdsaWithSha256, tagged(0x03, Buffer.of(0), signature));
}

function commonName(name: string): Buffer {
  return sequence(tagged(0x31, sequence(oid('550403'), tagged(0x0c, Buffer.from(name)))));
}

function generalName(host: string): Buffer {
  const numbers = host.split('.').map(Number);
  const isAddress = numbers.length === 4 && numbers.every((number) => number >= 0);
  return isAddress ? tagged(0x87, Buffer.from(numbers)) : tagged(0x82, Buffer.from(host));
}

function extension(id: string, isCritical: boolean, value: Buffer): Buffer {
  return sequence(oid(id), ...(isCritical ? [boolean(true)] : []), tagged(0x04, value));
}

/** UTCTime: YYMMDDhhmmssZ. */
function time(days: number): Buffer {
  const text = new Date(Date.now() + days * 86_400_000).toISOString().replace(/[-:T]/g, '').slice(2, 14);
  return tagged(0x17, Buffer.from(`${text}Z`));
}

function tagged(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const header =
    length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(header), content]);
}

function sequence(...contents: readonly Uint8Array[]): Buffer {
  return tagged(0x30, ...contents);
}

function integer(value: Buffer): Buffer {
  return tagged(0x02, value);
}

function boolean(value: boolean): Buffer {
  return tagged(0x01, Buffer.of(value ? 0xff : 0));
}

function oid(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, 'hex'));
}

/** 1.2.840.10045.4.3.2. */
const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
