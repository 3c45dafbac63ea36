/** Declares `find`, `worklist`, `get` and `move`. */
import type { Command } from 'commander';
import { collectElement } from './attributes.js';
import { collectUids, parseAeTitle, parseCount } from './connection-options.js';
import { leave } from './leave.js';
import { examples, networkCommand } from './program-parts.js';
import { findModelOption, levelOption, retrieveModelOption } from './query-options.js';

const keyFlags = '-k, --key <element=value>';
const keyText =
  'key: KEYWORD=VALUE or GGGG,EEEE=VALUE; SEQUENCE.KEYWORD=VALUE; without a value it asks for one; may be repeated';

/** Adds them to the program. */
export function addQueryCommands(program: Command): void {
  networkCommand(program, 'find', 'find patients, studies, series or instances (C-FIND)')
    .addOption(levelOption('what is looked for').default('STUDY', 'study'))
    .addOption(findModelOption())
    .option(keyFlags, keyText, collectElement)
    .option('--only-keys', 'ask for nothing but the keys that are given')
    .option('--limit <count>', 'cancel after so many matches', parseCount)
    .option('--relational', 'negotiate relational queries: keys of any level without those above')
    .option('--fuzzy', 'negotiate fuzzy matching of names')
    .addHelpText(
      'after',
      examples(
        [
          "find pacs.example 104 --called PACS -k 'PatientName=DOE*' -k StudyDate=20260101-",
          'find pacs.example 104 --called PACS --level series -k StudyInstanceUID=1.2.3',
          "find pacs.example 104 --called PACS -k 'ModalitiesInStudy=CT\\MR' --limit 20 --json",
        ],
        'With --json each match is a DICOM JSON object on a line of its own.',
      ),
    )
    .action(async (host, port, options) => {
      const { find } = await import('./find-command.js');
      await leave(await find(host, port, options));
    });

  networkCommand(program, 'worklist', 'list scheduled procedure steps (Modality Worklist)')
    .option('--date <date>', 'start date: 20260131, 20260101-20260131, or today')
    .option('--modality <modality>', 'CT, MR, …')
    .option('--station <title>', 'scheduled station AE title')
    .option(keyFlags, keyText, collectElement)
    .option('--limit <count>', 'cancel after so many items', parseCount)
    .addHelpText(
      'after',
      examples(
        [
          'worklist ris.example 104 --called RIS --date today --modality CT',
          "worklist ris.example 104 --called RIS -k 'PatientName=DOE*' --json",
        ],
        'With --json each item is a DICOM JSON object on a line of its own.',
      ),
    )
    .action(async (host, port, options) => {
      const { worklist } = await import('./worklist-command.js');
      await leave(await worklist(host, port, options));
    });

  retrieveCommand(program, 'get', 'fetch objects into a directory (C-GET)')
    .option('-o, --output <directory>', 'where files go', '.')
    .option('--overwrite', 'replace files that are there with other content')
    .option('--sop-class <uid...>', 'SOP classes that are expected (default: some sixty usual ones)', collectUids)
    .addHelpText(
      'after',
      examples([
        'get pacs.example 104 --called PACS --study 1.2.3 -o study/',
        'get pacs.example 104 --called PACS --study 1.2.3 --series 1.2.3.4 --verbose',
      ]),
    )
    .action(async (host, port, options) => {
      const { get } = await import('./get-command.js');
      await leave(await get(host, port, options));
    });

  retrieveCommand(program, 'move', 'have a peer send objects to an AE title that it knows (C-MOVE)')
    .requiredOption('-d, --destination <title>', 'AE title that receives them', parseAeTitle)
    .addHelpText(
      'after',
      examples([
        'move pacs.example 104 --called PACS --destination WORKSTATION --study 1.2.3',
        'move pacs.example 104 --called PACS -d WORKSTATION --patient 4711 --json',
      ]),
    )
    .action(async (host, port, options) => {
      const { move } = await import('./move-command.js');
      await leave(await move(host, port, options));
    });
}

function retrieveCommand(program: Command, name: string, description: string): Command {
  return networkCommand(program, name, description)
    .option('--study <uid...>', 'study instance UIDs', collectUids)
    .option('--series <uid...>', 'series instance UIDs; most peers want the study as well', collectUids)
    .option('--instance <uid...>', 'SOP instance UIDs; most peers want study and series as well', collectUids)
    .option('--patient <id>', 'patient ID')
    .option(keyFlags, 'the same by keyword: StudyInstanceUID=1.2.3', collectElement)
    .addOption(levelOption('what the keys name (default: the lowest of which there is a key)'))
    .addOption(retrieveModelOption());
}
