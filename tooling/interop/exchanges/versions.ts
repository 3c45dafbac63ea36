/** Versions of the peers as they are installed. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { orthancProgram } from '../peers/availability.ts';
import { pynetdicomPython } from '../peers/pynetdicom.ts';
import type { Peer } from './services.ts';

/** The version of each peer, in its own words. @throws when one does not tell. */
export function peerVersions(): Readonly<Record<Peer, string>> {
  return {
    DCMTK: versionIn(outputOf('echoscu', ['--version'])),
    pynetdicom: versionIn(
      outputOf(pynetdicomPython(), ['-c', 'import pynetdicom; print("v" + pynetdicom.__version__)']),
    ),
    Orthanc: versionIn(outputOf(orthancProgram(), ['--version'])),
    'dcmjs-dimse': versionOfPackage('dcmjs-dimse'),
  };
}

function versionOfPackage(name: string): string {
  const main = createRequire(import.meta.url).resolve(name);
  const folder = main.slice(0, main.lastIndexOf(`/${name}/`) + name.length + 2);
  const { version }: { readonly version: string } = JSON.parse(readFileSync(`${folder}package.json`, 'utf8'));
  return version;
}

function outputOf(command: string, args: readonly string[]): string {
  return spawnSync(command, args, { encoding: 'utf8' }).stdout ?? '';
}

function versionIn(output: string): string {
  const version = /\d+\.\d+\.\d+/.exec(output)?.[0];
  if (version === undefined) throw new Error(`no version in ${JSON.stringify(output)}`);
  return version;
}
