/** Scripts that complete a command line in a shell. They hold all there is to offer: no program is started by the tabulator. */
import type { Command } from 'commander';
import { bashScript } from './bash-script.js';
import { commandTable } from './command-table.js';
import { fishScript } from './fish-script.js';
import { zshScript } from './zsh-script.js';

const writers = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

/** The script for a shell, made of the commands' own declarations. */
export function completionScript(program: Command, shell: keyof typeof writers): string {
  return writers[shell](program.name(), commandTable(program));
}
