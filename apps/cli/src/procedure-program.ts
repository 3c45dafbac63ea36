/** Declares `mpps`, `commit` and `print`. */
import type { Command } from 'commander';
import { collectElement } from './attributes.js';
import { parseCount, parsePort, parseTimeout, parseUid } from './connection-options.js';
import { leave } from './leave.js';
import { examples, networkCommand } from './program-parts.js';

/** Adds them to the program. */
export function addProcedureCommands(program: Command): void {
  const mpps = program.command('mpps').description('tell and ask what a modality does (MPPS)');
  withAttributes(networkCommand(mpps, 'create', 'begin a step: IN PROGRESS (N-CREATE)'))
    .argument('[uid]', 'SOP instance UID of the step (default: a new one)', parseUid)
    .addHelpText(
      'after',
      examples([
        'mpps create ris.example 104 --called RIS -f step.json',
        'mpps create ris.example 104 --called RIS -a PatientID=4711 -a Modality=CT',
      ]),
    )
    .action(async (host, port, uid, options) => {
      const { createMpps } = await import('./mpps-command.js');
      await leave(await createMpps(host, port, uid, options));
    });
  for (const [action, description] of changes) {
    withAttributes(networkCommand(mpps, action, description))
      .argument('<uid>', 'SOP instance UID of the step', parseUid)
      .addHelpText(
        'after',
        examples([`mpps ${action} ris.example 104 2.25.1 --called RIS -a PerformedProcedureStepEndDate=20260131`]),
      )
      .action(async (host, port, uid, options) => {
        const { changeMpps } = await import('./mpps-command.js');
        await leave(await changeMpps(action, host, port, uid, options));
      });
  }
  networkCommand(mpps, 'get', 'show a step (N-GET)')
    .argument('<uid>', 'SOP instance UID of the step', parseUid)
    .addHelpText('after', examples(['mpps get ris.example 104 2.25.1 --called RIS --json']))
    .action(async (host, port, uid, options) => {
      const { getMpps } = await import('./mpps-command.js');
      await leave(await getMpps(host, port, uid, options));
    });

  networkCommand(program, 'commit', 'ask whether a peer keeps objects safely (storage commitment)')
    .argument('<path...>', 'what was sent: files, directories that are searched, or a DICOMDIR')
    .option('--wait <seconds>', 'how long to wait for the result; 0 does not wait', parseTimeout, 60)
    .option('--listen <port>', 'hear the result on an association of the peer as well, on this port', parsePort)
    .addHelpText(
      'after',
      examples(
        [
          'commit pacs.example 104 --called PACS study/',
          'commit pacs.example 104 --called PACS --calling CT1 --listen 11112 --wait 600 study/*.dcm',
        ],
        'Exit code 0 only when every file is committed.',
      ),
    )
    .action(async (host, port, paths, options) => {
      const { commit } = await import('./commit-command.js');
      await leave(await commit(host, port, paths, options));
    });

  networkCommand(program, 'print', 'print images on film or paper')
    .argument('<file...>', 'DICOM files, uncompressed, grayscale or RGB; every frame is printed')
    .option('--format <format>', 'STANDARD\\COLUMNS,ROWS, ROW\\R1,R2,… or COL\\C1,C2,…', 'STANDARD\\1,1')
    .option('--copies <count>', 'how many of each film', parseCount, 1)
    .option('--film-size <size>', '8INX10IN, 14INX17IN, A4, … (default: as the printer likes)')
    .option('--landscape', 'films lie on their side')
    .addHelpText('after', examples(["print printer.example 104 --called PRINTER --format 'STANDARD\\2,2' *.dcm"]))
    .action(async (host, port, paths, options) => {
      const { print } = await import('./print-command.js');
      await leave(await print(host, port, paths, options));
    });
}

/** `-a` and `-f`, for commands that send attributes. */
export function withAttributes(command: Command): Command {
  return command
    .option(
      '-a, --attribute <element=value>',
      'attribute: KEYWORD=VALUE, GGGG,EEEE=VALUE, SEQUENCE.KEYWORD=VALUE, SEQUENCE[1].KEYWORD=VALUE; may be repeated',
      collectElement,
    )
    .option('-f, --file <file>', 'attributes from a file of DICOM JSON; -a wins over it');
}

const changes = [
  ['set', 'change a step (N-SET)'],
  ['complete', 'end a step: COMPLETED (N-SET)'],
  ['discontinue', 'end a step that was not done: DISCONTINUED (N-SET)'],
] as const;
