/** Declares `serve`, `dump` and `annotate`. */
import type { Command } from 'commander';
import { parseCount } from './connection-options.js';
import { leave } from './leave.js';
import { examples } from './program-parts.js';
import { addServerOptions } from './server-options.js';

/** Adds them to the program. */
export function addLocalCommands(program: Command): void {
  addServerOptions(
    program
      .command('serve')
      .description('receive objects into a folder (storage SCP)')
      .argument('[directory]', 'where objects are kept', 'incoming'),
  )
    .option('--check-called', 'reject who calls another AE title')
    .option('--overwrite', 'replace objects that are there with other content')
    .option('--max-pdu <bytes>', 'largest PDU that we receive', parseCount, 131_072)
    .addHelpText(
      'after',
      examples(['serve', 'serve incoming/ --port 104 --ae-title ARCHIVE --json'], 'Ctrl-C ends it, with exit code 0.'),
    )
    .action(async (directory, options) => {
      const { serve } = await import('./serve-command.js');
      await leave(await serve(directory, options));
    });

  program
    .command('dump')
    .description('show what DICOM files hold')
    .argument('<file...>', 'DICOM files (Part 10)')
    .option('--max-value-bytes <bytes>', 'longer values at the top level are not read', parseCount, 65_536)
    .option('--width <characters>', 'how much of a value is shown', parseCount, 64)
    .option('--json', 'DICOM JSON, one object a line')
    .addHelpText('after', examples(['dump image.dcm', 'dump --json *.dcm']))
    .action(async (paths, options) => {
      const { dump } = await import('./dump-command.js');
      await leave(await dump(paths, options));
    });

  program
    .command('annotate')
    .description('explain PDUs, byte by byte')
    .argument('<file>', 'PDUs as hexadecimal text, as bytes, or a capture (pcap, pcapng); - for standard input')
    .option('--show-credentials', 'show the bytes of user identities, too')
    .option('--json', 'one JSON object for each PDU')
    .addHelpText(
      'after',
      examples(
        ['annotate capture.pcapng', 'annotate association.bin', 'annotate - < capture.pcap'],
        'The TCP streams of a capture are put together; PDUs come in the order in which they were captured.',
      ),
    )
    .action(async (path, options) => {
      const { annotate } = await import('./annotate-command.js');
      await leave(await annotate(path, options));
    });
}
