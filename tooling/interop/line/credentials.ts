/** Who takes part in the tests over TLS: certificates and keys, made when they run, as files that every peer can read. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Holder, makeCertificate } from '../../../packages/ul/test/certificates.ts';

/** Paths of a certificate and its key. */
export interface CredentialFiles {
  readonly certificate: string;
  readonly privateKey: string;
}

/** Everybody. */
export interface Credentials {
  /** Path of the certificate of the authority that vouches for all but the stranger. */
  readonly authority: string;
  /** An acceptor on this host. */
  readonly archive: CredentialFiles;
  /** A requestor. */
  readonly modality: CredentialFiles;
  /** Somebody from an authority that nobody trusts. */
  readonly stranger: CredentialFiles;
  /** Path of the certificate of the stranger's authority. */
  readonly otherAuthority: string;
}

/** Makes them in a directory, all with keys of one kind. DCMTK 3.6.7 has no cipher suite for TLS 1.2 that an elliptic one fits. */
export async function makeCredentials(directory: string, keyType: 'ec' | 'rsa'): Promise<Credentials> {
  const authority = makeCertificate('Authority', { isAuthority: true });
  const other = makeCertificate('Other authority', { isAuthority: true });
  const hosts = ['localhost', '127.0.0.1'];
  const save = async (name: string, text: string) => {
    const path = join(directory, name);
    await writeFile(path, text);
    return path;
  };
  const files = async (name: string, issuer: Holder): Promise<CredentialFiles> => {
    const { certificate, privateKey } = makeCertificate(name, { issuer, hosts, keyType });
    return {
      certificate: await save(`${name}.pem`, certificate),
      privateKey: await save(`${name}.key`, privateKey),
    };
  };
  return {
    authority: await save('authority.pem', authority.certificate),
    archive: await files('archive', authority),
    modality: await files('modality', authority),
    stranger: await files('stranger', other),
    otherAuthority: await save('other-authority.pem', other.certificate),
  };
}
