/** The command line: every command with its options; what a command does is loaded when it is called. */
import { Command } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { parseRepeat } from './connection-options.js';
import { leave } from './leave.js';
import { addLocalCommands } from './local-program.js';
import { addProcedureCommands } from './procedure-program.js';
import { examples, networkCommand } from './program-parts.js';
import { addQueryCommands } from './query-program.js';
import { addUpsCommands } from './ups-program.js';

/** A program that throws `CommanderError` in place of ending the process. */
export function createProgram(): Command {
  const program = new Command('dicomwire')
    .description('DICOM network tools.')
    .version(manifest.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help on a command')
    .showHelpAfterError('(dicomwire --help tells more)')
    .exitOverride()
    .addHelpText(
      'after',
      examples(
        [
          'echo 127.0.0.1 11112',
          'store pacs.example 104 --called PACS study/ more.dcm',
          "find pacs.example 104 --called PACS -k 'PatientName=DOE*'",
          'get pacs.example 104 --called PACS --study 1.2.3 -o study/',
        ],
        'Exit codes: 0 all went well; 1 the peer or some object failed; 2 wrong usage; 130 interrupted by Ctrl-C.',
      ),
    );
  addEcho(program);
  addStore(program);
  addQueryCommands(program);
  addProcedureCommands(program);
  addUpsCommands(program);
  addLocalCommands(program);
  addCompletion(program);
  return program;
}

function addEcho(program: Command): void {
  networkCommand(program, 'echo', 'ask a peer whether it is there (C-ECHO)')
    .option('--repeat <count>', 'how many C-ECHOs, all on one association', parseRepeat, 1)
    .addHelpText(
      'after',
      examples([
        'echo 127.0.0.1 11112',
        'echo pacs.example 104 --called PACS --calling WORKSTATION',
        'echo 127.0.0.1 11112 --repeat 1000 --json',
      ]),
    )
    .action(async (host, port, options) => {
      const { echo } = await import('./echo-command.js');
      await leave(await echo(host, port, options));
    });
}

function addStore(program: Command): void {
  networkCommand(program, 'store', 'send DICOM files to a peer (C-STORE)')
    .argument('<path...>', 'files, directories that are searched for DICOM files, or a DICOMDIR')
    .option('--no-convert', 'report what the peer takes in no transfer syntax of its own, rather than convert it')
    .addHelpText(
      'after',
      examples(
        [
          'store 127.0.0.1 11112 image.dcm',
          'store pacs.example 104 --called PACS --calling WORKSTATION study/',
          'store 127.0.0.1 11112 study/ --json > report.jsonl',
          'store 127.0.0.1 11112 study/ --no-convert',
        ],
        'Every object goes in the transfer syntax in which its file is encoded, where the peer takes that; else in one without loss.',
      ),
    )
    .action(async (host, port, paths, options) => {
      const { store } = await import('./store-command.js');
      await leave(await store(host, port, paths, options));
    });
}

function addCompletion(program: Command): void {
  const shells = ['bash', 'zsh', 'fish'] as const;
  program
    .command('completion')
    .description('print a script that completes commands and options in a shell')
    .addArgument(program.createArgument('<shell>', 'the shell').choices(shells))
    .addHelpText(
      'after',
      `${examples(['completion bash', 'completion zsh', 'completion fish'])}

To have it in every shell from now on:
  bash  echo 'source <(dicomwire completion bash)' >> ~/.bashrc
  zsh   echo 'source <(dicomwire completion zsh)' >> ~/.zshrc     (after compinit)
  fish  dicomwire completion fish > ~/.config/fish/completions/dicomwire.fish`,
    )
    .action(async (shell: (typeof shells)[number]) => {
      const { completionScript } = await import('./completion/completion-script.js');
      process.stdout.write(completionScript(program, shell));
      await leave(0);
    });
}
