/** What several commands are declared with. */
import type { Command } from 'commander';
import { addConnectionOptions, parsePort } from './connection-options.js';

/** A command that calls a peer: host and port, and the options of the connection. */
export function networkCommand(program: Command, name: string, description: string): Command {
  return addConnectionOptions(
    program
      .command(name)
      .description(description)
      .argument('<host>', 'host name or address of the peer')
      .argument('<port>', 'its port, 1 to 65535', parsePort),
  );
}

/** Examples at the end of the help. */
export function examples(lines: readonly string[], more = ''): string {
  return `\nExamples:\n${lines.map((line) => `  dicomwire ${line}`).join('\n')}${more === '' ? '' : `\n\n${more}`}`;
}
