/** The command line: what can be said, and which command hears it. */
import { Command, Option } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { collectPeer } from './config/peer.js';
import {
  defaultServeConfig as defaults,
  duplicatePolicies,
  durabilities,
  type KnownPeer,
  type ServeConfig,
} from './config/serve-config.js';
import {
  collectAeTitle,
  parseAeTitle,
  parseCount,
  parseNonEmpty,
  parsePduBytes,
  parsePort,
  parseSeconds,
} from './config/values.js';
import { logLevels } from './console/log.js';
import { printable } from './console/printable.js';

/** The commands; each is loaded when it is asked for. */
export function createProgram(): Command {
  const program = new Command('demo-scp')
    .description('A small DICOM archive: keeps what modalities send, and lists what it has.')
    .version(packageJson.version)
    .enablePositionalOptions()
    .helpCommand('help [command]', 'display help for a command')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(`${oneLine(text)}\n`) });

  addServeOptions(program).allowExcessArguments(false).action(runServe);
  addServeOptions(
    program.command('serve').description('receive and keep objects (what is done without a command)'),
  ).action(runServe);
  program
    .command('list')
    .description('list studies, series and instances; also while the server runs')
    .option('--data <directory>', 'data directory', parseNonEmpty, defaults.dataDirectory)
    .option('--json', 'as JSON')
    .action(async (options: ListWords) => {
      const { list } = await import('./list.js');
      list({ dataDirectory: options.data, isJson: options.json === true }, (text) => process.stdout.write(text));
    });
  return program;
}

interface ListWords {
  readonly data: string;
  readonly json?: true | undefined;
}

/** What commander makes of the options below. */
interface ServeWords {
  readonly port: number;
  readonly host: string;
  readonly aeTitle: string;
  readonly data: string;
  readonly maxAssociations: number;
  readonly checkCalledAe?: true | undefined;
  readonly allowCalling?: readonly string[] | undefined;
  readonly promiscuous?: true | undefined;
  readonly acseTimeout: number;
  readonly dimseTimeout: number;
  readonly idleTimeout: number;
  readonly maxPdu: number;
  readonly durability: ServeConfig['durability'];
  readonly onDuplicate: ServeConfig['onDuplicate'];
  readonly gracePeriod: number;
  readonly logLevel: ServeConfig['logLevel'];
  readonly peer?: readonly KnownPeer[] | undefined;
  readonly worklist?: string | undefined;
  readonly config?: string | undefined;
}

function addServeOptions(command: Command): Command {
  const add = <T>(flags: string, text: string, parse: (word: string) => T, value: T, shown?: string) =>
    command.addOption(new Option(flags, text).argParser(parse).default(value, shown));
  add('--port <number>', 'TCP port to listen on, 0 for any free one', parsePort, defaults.port);
  add('--host <address>', 'address to listen on', parseNonEmpty, defaults.host);
  add('--ae-title <AET>', 'own AE title', parseAeTitle, defaults.aeTitle);
  add('--data <directory>', 'data directory', parseNonEmpty, defaults.dataDirectory);
  add('--max-associations <number>', 'associations at once', parseCount, defaults.maxAssociations);
  command.option('--check-called-ae', 'reject who calls another AE title');
  command.option('--allow-calling <AET...>', 'reject everybody but these calling AE titles', collectAeTitle);
  command.option('--promiscuous', 'keep SOP classes that are not known, too');
  addSeconds('--acse-timeout <seconds>', 'for everything before an association is accepted', defaults.acseTimeoutMs);
  addSeconds('--dimse-timeout <seconds>', 'for the next part of a message', defaults.dimseTimeoutMs);
  addSeconds('--idle-timeout <seconds>', 'for an association that says nothing', defaults.idleTimeoutMs);
  add('--max-pdu <bytes>', 'largest PDU to receive', parsePduBytes, defaults.maxPduBytes);
  command.addOption(
    new Option('--durability <mode>', 'full: synced to disk before Success; os: left to the operating system')
      .choices(durabilities)
      .default(defaults.durability),
  );
  command.addOption(
    new Option(
      '--on-duplicate <policy>',
      'the same instance again with other content: refuse it, or replace the stored one',
    )
      .choices(duplicatePolicies)
      .default(defaults.onDuplicate),
  );
  addSeconds('--grace-period <seconds>', 'for running associations after SIGINT or SIGTERM', defaults.gracePeriodMs);
  command.addOption(
    new Option('--log-level <level>', 'how much to log, to standard error')
      .choices(logLevels)
      .default(defaults.logLevel),
  );
  command.option(
    '--peer <AET=HOST:PORT[;tls]>',
    'who may be called, for C-MOVE, events and commitment; may be repeated',
    collectPeer,
  );
  command.option('--worklist <directory>', 'folder of worklist files (.wl, .dcm)', parseNonEmpty);
  command.option('--config <file>', 'configuration file (demo-scp.schema.json); options win over it', parseNonEmpty);
  return command;

  function addSeconds(flags: string, text: string, defaultMs: number): void {
    add(flags, text, parseSeconds, defaultMs, String(defaultMs / 1000));
  }
}

async function runServe(words: ServeWords, command: Command): Promise<void> {
  const { serve } = await import('./serve.js');
  const file = words.config === undefined ? {} : (await import('./config/config-file.js')).readConfigFile(words.config);
  await serve({ ...defaults, ...file, ...spoken(words, command) });
}

/** What was said on the command line; what was not is left to the file. */
function spoken(words: ServeWords, command: Command): Partial<ServeConfig> {
  const settings: Readonly<Record<Exclude<keyof ServeWords, 'config'>, Partial<ServeConfig>>> = {
    port: { port: words.port },
    host: { host: words.host },
    aeTitle: { aeTitle: words.aeTitle },
    data: { dataDirectory: words.data },
    maxAssociations: { maxAssociations: words.maxAssociations },
    checkCalledAe: { checkCalledAeTitle: true },
    allowCalling: { allowedCallingAeTitles: words.allowCalling },
    promiscuous: { isPromiscuous: true },
    acseTimeout: { acseTimeoutMs: words.acseTimeout },
    dimseTimeout: { dimseTimeoutMs: words.dimseTimeout },
    idleTimeout: { idleTimeoutMs: words.idleTimeout },
    maxPdu: { maxPduBytes: words.maxPdu },
    durability: { durability: words.durability },
    onDuplicate: { onDuplicate: words.onDuplicate },
    gracePeriod: { gracePeriodMs: words.gracePeriod },
    logLevel: { logLevel: words.logLevel },
    peer: { peers: words.peer ?? [] },
    worklist: { worklistDirectory: words.worklist },
  };
  return Object.assign(
    {},
    ...Object.entries(settings).map(([name, setting]) => (command.getOptionValueSource(name) === 'cli' ? setting : {})),
  );
}

/** Commander's message, with its suggestion, as one line under the program's name. */
function oneLine(text: string): string {
  const words = text
    .trim()
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ');
  return `demo-scp: ${printable(words)}`;
}
