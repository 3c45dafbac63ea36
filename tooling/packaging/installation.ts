import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What is published, from the bytes up. */
const PUBLISHED = ['packages/pdu', 'packages/ul', 'packages/dimse', 'packages/services', 'apps/demo-scp', 'apps/cli'];

/** The parts of a package.json that the tests look at. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** An empty project into which all packages were installed from their tarballs, as a user does it. */
export interface Installation {
  readonly folder: string;
  /** By name: what came out of the tarballs. */
  readonly manifests: readonly Manifest[];
  /** Paths inside an installed package, folders left out. */
  files(name: string): readonly string[];
  /** Writes a file into the project. */
  write(path: string, content: string): void;
  remove(): void;
}

/** Packs the built packages and installs the tarballs with npm. */
export function install(): Installation {
  const folder = mkdtempSync(join(tmpdir(), 'installed-'));
  const tarballs = join(folder, 'tarballs');
  mkdirSync(tarballs);
  for (const path of PUBLISHED) {
    succeed(spawnSync('pnpm', ['pack', '--pack-destination', tarballs], { cwd: join(ROOT, path), encoding: 'utf8' }));
  }
  const project = join(folder, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'a-user', private: true, type: 'module' }));
  const files = readdirSync(tarballs).map((file) => join(tarballs, file));
  const quietly = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  succeed(spawnSync('npm', ['install', ...quietly, ...files], { cwd: project, encoding: 'utf8' }));
  const installed = (name: string) => join(project, 'node_modules', name);
  return {
    folder: project,
    manifests: readdirSync(installed('@dicomwire'))
      .sort()
      .map((name) => JSON.parse(readFileSync(join(installed(`@dicomwire/${name}`), 'package.json'), 'utf8'))),
    files: (name) =>
      readdirSync(installed(name), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(installed(name).length + 1)),
    write(path, content) {
      mkdirSync(dirname(join(project, path)), { recursive: true });
      writeFileSync(join(project, path), content);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The Node binaries that the workspace carries for this platform, by major version; versions it has none for are left out. */
export function runtimes(): readonly { readonly major: number; readonly binary: string }[] {
  return [22, 24, 26]
    .map((major) => ({
      major,
      binary: fileURLToPath(
        new URL(`./node_modules/node${major}-${process.platform}-${process.arch}/bin/node`, import.meta.url),
      ),
    }))
    .filter(({ binary }) => existsSync(binary));
}

/** What a program printed; throws with all of it when it failed. */
export function succeed({ status, stdout, stderr, error }: SpawnSyncReturns<string>): string {
  if (status === 0) return stdout;
  throw new Error(`exit code ${status}\n${stdout}\n${stderr}`, { cause: error });
}
