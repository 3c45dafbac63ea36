// The root scripts: `node tooling/run.mjs COMMAND [args]`. Plain JavaScript that runs on any Node from 18, needs nothing
// but npm, and leaves nothing behind: it finds a Node and a pnpm that the workspace can use, installs, and runs the command.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clearTestReports, printTestCounts } from './test-counts.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const WANTED_NODE = [22, 18];
const WANTED_PNPM = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).packageManager.replace(/^pnpm@/, '');
const TOOLCHAIN_CACHE = join(ROOT, 'node_modules', '.cache', 'dicomwire', 'toolchain.json');
const ON_WINDOWS = process.platform === 'win32';

const commands = {
  start: (args) => buildAndRun('demo-scp', args),
  dicomwire: (args) => buildAndRun('cli', args),
  async test(args) {
    await install();
    clearTestReports();
    const goOn = '--continue=dependencies-successful';
    const steps = [
      ['build', 'workspace:lint', 'typecheck', 'layers', 'test', '--filter=!@dicomwire/interop', goOn, ...args],
      // Peers, load and kills want the machine for themselves.
      ['test', '--filter=@dicomwire/interop', ...args],
    ];
    const failures = [];
    for (const step of steps) await turbo(step).catch((failure) => failures.push(failure));
    console.log();
    printTestCounts();
    if (failures.length > 0) throw failures[0];
  },
  build: (args) => installAndTurbo(['build', ...args]),
  lint: (args) => installAndTurbo(['workspace:lint', 'layers', ...args]),
  typecheck: (args) => installAndTurbo(['typecheck', ...args]),
  check: (args) =>
    installAndTurbo(['check', 'workspace:knip', 'layers', '--continue=dependencies-successful', ...args]),
  docs: (args) => installAndTurbo(['workspace:docs', ...args]),
  async api() {
    await installAndTurbo(['build', '--output-logs=errors-only']);
    await run('pnpm', ['--filter', './packages/*', 'exec', 'node', '../../tooling/check/api.ts', '--update']);
  },
  async bench(args) {
    await installAndTurbo(['build', '--output-logs=errors-only']);
    await run('node', [join(ROOT, 'tooling', 'bench', 'run.ts'), ...args]);
  },
  async fuzz(args) {
    await installAndTurbo(['build', '--filter=@dicomwire/dimse', '--output-logs=errors-only']);
    await run('node', [join(ROOT, 'tooling', 'fuzz', 'run.ts'), ...args]);
  },
  async generate(args) {
    await install();
    await run('node', [join(ROOT, 'tooling', 'generate', 'run.ts'), ...args]);
  },
};

let child;
let environment = process.env;
let stopping;

async function main() {
  const [name, ...args] = process.argv.slice(2);
  const command = Object.hasOwn(commands, name ?? '') ? commands[name] : undefined;
  if (command === undefined) {
    console.error(`usage: node tooling/run.mjs ${Object.keys(commands).join('|')} [args]`);
    process.exit(2);
  }
  stayWithParent();
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => stop(signal));
  // The terminal delivers SIGINT to the whole group: the child decides, and this process leaves with it.
  process.on('SIGINT', () => {});
  try {
    environment = { ...process.env, ...toolchain(), TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' };
    await command(args);
    process.exit(0);
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    if (error.message) console.error(error.message);
    process.exit(error.exitCode);
  }
}

/** What a step ended with; the message is empty when the step itself has said what is wrong. */
class Failed extends Error {
  constructor(exitCode, message = '') {
    super(message);
    this.exitCode = exitCode;
  }
}

async function buildAndRun(app, args) {
  if (!existsSync(join(ROOT, 'apps', app, 'dist', 'cli.js')))
    console.error('The first time it is installed and built, which takes a minute or two …');
  await install(['--filter', '{.}', '--filter', `@dicomwire/${app}...`]);
  await turbo(['build', `--filter=@dicomwire/${app}`, '--output-logs=errors-only'], { quiet: true });
  // Paths are meant from where npm was called; commands that are shown are to work without another installation.
  const cwd = app === 'cli' ? (process.env.INIT_CWD ?? ROOT) : ROOT;
  environment = { ...environment, DICOMWIRE_RUN_BY: 'npm' };
  await run('node', [join(ROOT, 'apps', app, 'dist', 'cli.js'), ...args], { cwd });
}

async function install(filter = []) {
  await run('pnpm', ['install', '--frozen-lockfile', '--reporter=append-only', ...filter], { quiet: true });
}

async function turbo(args, options) {
  await run('pnpm', ['exec', 'turbo', 'run', ...args], options);
}

async function installAndTurbo(args) {
  await install();
  await turbo(args);
}

/** Runs a program to its end. Quiet: what it printed is shown only when it fails. */
function run(program, args, { quiet = false, cwd = ROOT } = {}) {
  return new Promise((resolve, reject) => {
    let printed = '';
    child = spawn(program, args, {
      cwd,
      env: environment,
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      shell: ON_WINDOWS && program === 'pnpm',
    });
    if (quiet) for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk));
    child.on('error', (error) => reject(new Failed(1, `cannot run ${program}: ${error.message}`)));
    child.on('close', (code, signal) => {
      child = undefined;
      if (stopping) reject(new Failed(code ?? 128 + constants.signals[signal]));
      else if (code === 0) resolve();
      else reject(new Failed(code ?? 128 + constants.signals[signal], printed.trimEnd()));
    });
    if (stopping) child.kill(stopping);
  });
}

function stop(signal) {
  stopping ??= signal;
  if (child) child.kill(signal);
  else process.exit(128 + constants.signals[signal]);
}

/** npm may die without a word (SIGKILL, or a shell in between that takes the signal): then this tree ends too. */
function stayWithParent() {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) stop('SIGTERM');
  }, 500).unref();
}

/** PATH with a Node and a pnpm that the workspace can use: the running ones if they fit, else those of the registry. */
function toolchain() {
  const nodeFits = fits(process.versions.node);
  const pnpmFits = nodeFits && versionOf('pnpm') === WANTED_PNPM;
  const folders = nodeFits && pnpmFits ? [dirname(process.execPath)] : (cachedToolchain() ?? fetchToolchain());
  return { PATH: [...folders, process.env.PATH].join(delimiter) };
}

function fits(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > WANTED_NODE[0] || (major === WANTED_NODE[0] && minor >= WANTED_NODE[1]);
}

function versionOf(program) {
  return spawnSync(program, ['--version'], { encoding: 'utf8', shell: ON_WINDOWS }).stdout?.trim();
}

function cachedToolchain() {
  try {
    const { pnpm, folders } = JSON.parse(readFileSync(TOOLCHAIN_CACHE, 'utf8'));
    return pnpm === WANTED_PNPM && folders.every((folder) => existsSync(folder)) ? folders : undefined;
  } catch {
    return undefined;
  }
}

/** npm's own cache keeps both, so that this takes a download once per machine. */
function fetchToolchain() {
  console.error(`Getting Node 24 and pnpm ${WANTED_PNPM} for the workspace (once) …`);
  const env = { ...process.env };
  for (const name of ['npm_config_call', 'npm_config_package', 'npm_config_yes']) delete env[name];
  const packages = ['-p', 'node@24', '-p', `pnpm@${WANTED_PNPM}`];
  const script = join(ROOT, 'tooling', 'tell-toolchain.mjs');
  const { status, stdout } = spawnSync('npx', ['-y', ...allowedScripts(), ...packages, '--', 'node', script], {
    cwd: ROOT,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: ON_WINDOWS,
  });
  const found = status === 0 ? JSON.parse(stdout.trim().split('\n').at(-1)) : undefined;
  if (found === undefined || !fits(found.node)) {
    throw new Failed(
      1,
      'Cannot get Node 24 and pnpm from the npm registry; install Node 22.18 or later and try again.',
    );
  }
  mkdirSync(dirname(TOOLCHAIN_CACHE), { recursive: true });
  writeFileSync(TOOLCHAIN_CACHE, JSON.stringify({ pnpm: WANTED_PNPM, folders: found.folders }));
  return found.folders;
}

/** The package `node` fetches its binary in a script: npm 12 runs it only if told so, and earlier ones choke on the telling. */
function allowedScripts() {
  const version = /npm\/(\d+)/.exec(process.env.npm_config_user_agent ?? '')?.[1] ?? versionOf('npm');
  return Number.parseInt(version ?? '', 10) >= 12 ? ['--allow-scripts=node'] : [];
}

await main();
