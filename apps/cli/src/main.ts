/** Parses the command line; each command is loaded when it is called. */
import { Command, CommanderError } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { addConnectionOptions, parsePort, parseRepeat } from './connection-options.js';
import { EXIT_FAILED, EXIT_USAGE } from './exit-code.js';
import { leave } from './leave.js';
import { addLocalCommands } from './local-program.js';
import { addProcedureCommands } from './procedure-program.js';
import { addQueryCommands } from './query-program.js';
import { addUpsCommands } from './ups-program.js';

const program = new Command('dicomwire')
  .description('DICOM network tools.')
  .version(manifest.version, '-V, --version', 'print the version')
  .helpOption('-h, --help', 'print help')
  .helpCommand('help [command]', 'print help on a command')
  .showHelpAfterError('(dicomwire --help tells more)')
  .exitOverride()
  .addHelpText(
    'after',
    `
Examples:
  dicomwire echo 127.0.0.1 11112
  dicomwire store pacs.example 104 --called PACS study/ more.dcm
  dicomwire find pacs.example 104 --called PACS -k 'PatientName=DOE*'
  dicomwire get pacs.example 104 --called PACS --study 1.2.3 -o study/

Exit codes: 0 all went well; 1 the peer or some object failed; 2 wrong usage; 130 interrupted by Ctrl-C.`,
  );

addConnectionOptions(
  program
    .command('echo')
    .description('ask a peer whether it is there (C-ECHO)')
    .argument('<host>', 'host name or address of the peer')
    .argument('<port>', 'its port, 1 to 65535', parsePort),
)
  .option('--repeat <count>', 'how many C-ECHOs, all on one association', parseRepeat, 1)
  .addHelpText(
    'after',
    `
Examples:
  dicomwire echo 127.0.0.1 11112
  dicomwire echo pacs.example 104 --called PACS --calling WORKSTATION
  dicomwire echo 127.0.0.1 11112 --repeat 1000 --json`,
  )
  .action(async (host, port, options) => {
    const { echo } = await import('./echo-command.js');
    await leave(await echo(host, port, options));
  });

addConnectionOptions(
  program
    .command('store')
    .description('send DICOM files to a peer (C-STORE)')
    .argument('<host>', 'host name or address of the peer')
    .argument('<port>', 'its port, 1 to 65535', parsePort)
    .argument('<path...>', 'files, or directories that are searched for DICOM files'),
)
  .addHelpText(
    'after',
    `
Examples:
  dicomwire store 127.0.0.1 11112 image.dcm
  dicomwire store pacs.example 104 --called PACS --calling WORKSTATION study/
  dicomwire store 127.0.0.1 11112 study/ --json > report.jsonl

Every object goes in the transfer syntax in which its file is encoded; nothing is converted.`,
  )
  .action(async (host, port, paths, options) => {
    const { store } = await import('./store-command.js');
    await leave(await store(host, port, paths, options));
  });

addQueryCommands(program);
addProcedureCommands(program);
addUpsCommands(program);
addLocalCommands(program);

// Whoever reads our output may leave early (`| head`): then the work ends too, and not all of it was done.
process.stdout.on('error', () => process.exit(EXIT_FAILED));
// Troubles that nobody wants to read are no reason to stop.
process.stderr.on('error', () => undefined);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE;
}
