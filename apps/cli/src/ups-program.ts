/** Declares `ups` and the commands beneath it. */
import { type Command, Option } from 'commander';
import { collectElement } from './attributes.js';
import { parseAeTitle, parseCount, parseUid } from './connection-options.js';
import { leave } from './leave.js';
import { withAttributes } from './procedure-program.js';
import { examples, networkCommand } from './program-parts.js';
import { addServerOptions } from './server-options.js';

/** Adds it to the program. */
export function addUpsCommands(program: Command): void {
  const ups = program.command('ups').description('order, perform and watch work (Unified Procedure Steps)');
  addChanges(ups);
  addQuestions(ups);
  addSubscriptions(ups);
}

function addChanges(ups: Command): void {
  withAttributes(networkCommand(ups, 'create', 'order work: SCHEDULED (N-CREATE)'))
    .argument('[uid]', 'SOP instance UID of the step (default: a new one)', parseUid)
    .addHelpText('after', examples(['ups create ris.example 104 --called RIS -f step.json -a PatientID=4711']))
    .action(async (host, port, uid, options) => {
      const { createUps } = await import('./ups-command.js');
      await leave(await createUps(host, port, uid, options));
    });
  stepCommand(ups, 'claim', 'take a step on: IN PROGRESS; prints the transaction UID')
    .option('--transaction <uid>', 'transaction UID (default: a new one)', parseUid)
    .addHelpText('after', examples(['ups claim ris.example 104 2.25.1 --called RIS']))
    .action(async (host, port, uid, options) => {
      const { claimUps } = await import('./ups-command.js');
      await leave(await claimUps(host, port, uid, options));
    });
  for (const [action, description] of changes) {
    withAttributes(stepCommand(ups, action, description))
      .option('--transaction <uid>', 'transaction UID of the claim', parseUid)
      .addHelpText(
        'after',
        examples([`ups ${action} ris.example 104 2.25.1 --called RIS --transaction 2.25.2 -f changes.json`]),
      )
      .action(async (host, port, uid, options) => {
        const { changeUps } = await import('./ups-command.js');
        await leave(await changeUps(action, host, port, uid, options));
      });
  }
  stepCommand(ups, 'request-cancel', 'ask that a step be cancelled')
    .option('--reason <text>', 'why')
    .option('--contact <name>', 'whom to talk to')
    .option('--contact-uri <uri>', 'how to reach them')
    .addHelpText('after', examples(["ups request-cancel ris.example 104 2.25.1 --called RIS --reason 'Patient left'"]))
    .action(async (host, port, uid, options) => {
      const { requestCancelUps } = await import('./ups-command.js');
      await leave(await requestCancelUps(host, port, uid, options));
    });
}

function addQuestions(ups: Command): void {
  stepCommand(ups, 'get', 'show a step (N-GET)')
    .addHelpText('after', examples(['ups get ris.example 104 2.25.1 --called RIS --json']))
    .action(async (host, port, uid, options) => {
      const { getUps } = await import('./ups-command.js');
      await leave(await getUps(host, port, uid, options));
    });
  networkCommand(ups, 'find', 'list steps (C-FIND)')
    .option('-k, --key <element=value>', 'key, as find takes them; may be repeated', collectElement)
    .addOption(new Option('--as <class>', 'SOP class of the query').choices(['pull', 'watch', 'query']).default('pull'))
    .option('--limit <count>', 'cancel after so many steps', parseCount)
    .addHelpText('after', examples(['ups find ris.example 104 --called RIS -k ProcedureStepState=SCHEDULED --json']))
    .action(async (host, port, options) => {
      const { findUps } = await import('./ups-command.js');
      await leave(await findUps(host, port, options));
    });
}

function addSubscriptions(ups: Command): void {
  for (const action of ['subscribe', 'unsubscribe'] as const) {
    const isBeginning = action === 'subscribe';
    const command = networkCommand(ups, action, isBeginning ? 'ask to hear of events' : 'end a subscription')
      .argument('<uid>', 'SOP instance UID of the step, or all', (word) => (word === 'all' ? word : parseUid(word)))
      .option('--receiver <title>', 'AE title that hears (default: our own)', parseAeTitle);
    if (isBeginning) {
      command
        .option('--deletion-lock', 'keep a step that has ended until we unsubscribe')
        .option('-k, --key <element=value>', 'with all: only steps that match; may be repeated', collectElement);
    }
    command
      .addHelpText('after', examples([`ups ${action} ris.example 104 all --called RIS --receiver WATCHER`]))
      .action(async (host, port, uid, options) => {
        const { subscribeUps } = await import('./ups-command.js');
        await leave(await subscribeUps(action, host, port, uid, options));
      });
  }
  addServerOptions(ups.command('watch').description('print events as they come, until Ctrl-C'))
    .option('--count <events>', 'end after so many events', parseCount)
    .addHelpText(
      'after',
      examples(
        [
          'ups watch --port 11113 --ae-title WATCHER',
          'ups watch --port 2762 --ae-title WATCHER --tls-cert watcher.pem --tls-key watcher.key --json',
        ],
        'The provider must know this AE title, host and port; ups subscribe says what it should tell of.',
      ),
    )
    .action(async (options) => {
      const { watchUps } = await import('./ups-watch-command.js');
      await leave(await watchUps(options));
    });
}

function stepCommand(ups: Command, name: string, description: string): Command {
  return networkCommand(ups, name, description).argument('<uid>', 'SOP instance UID of the step', parseUid);
}

const changes = [
  ['set', 'change a step (N-SET)'],
  ['complete', 'end a step that we claimed: COMPLETED'],
  ['cancel', 'end a step that we claimed and did not do: CANCELED'],
] as const;
