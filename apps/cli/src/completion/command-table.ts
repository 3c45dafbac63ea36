/** What can be completed, read off the declarations of the commands. */
import type { Argument, Command, Option } from 'commander';

/** What a word of the command line may be. */
export type Completion =
  | { readonly kind: 'choices'; readonly choices: readonly string[] }
  | { readonly kind: 'path' }
  | { readonly kind: 'host' }
  /** Anything: nothing is offered. */
  | { readonly kind: 'free' };

/** An option. */
export interface OptionRow {
  /** `-k`, where there is one. */
  readonly short: string | undefined;
  /** `--key`. */
  readonly long: string;
  readonly description: string;
  /** Its value; `undefined` for a switch. */
  readonly value: Completion | undefined;
  readonly isRepeatable: boolean;
}

/** An argument. */
export interface ArgumentRow {
  readonly name: string;
  readonly completion: Completion;
  readonly isVariadic: boolean;
}

/** A command. */
export interface CommandRow {
  /** Words that lead to it: `ups find`; empty for the program. */
  readonly path: string;
  readonly description: string;
  readonly subcommands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly OptionRow[];
  readonly arguments: readonly ArgumentRow[];
}

/** Every command, the program first, each before those beneath it. */
export function commandTable(program: Command): readonly CommandRow[] {
  return rowsOf(program, '');
}

function rowsOf(command: Command, path: string): readonly CommandRow[] {
  const help = command.createHelp();
  const subcommands = help.visibleCommands(command);
  const row: CommandRow = {
    path,
    description: command.description(),
    subcommands: subcommands.map((each) => ({ name: each.name(), description: each.description() })),
    options: help.visibleOptions(command).flatMap(optionRow),
    arguments: command.registeredArguments.map(argumentRow),
  };
  const beneath = command.commands.flatMap((each) =>
    rowsOf(each, path === '' ? each.name() : `${path} ${each.name()}`),
  );
  return [row, ...beneath];
}

function optionRow(option: Option): OptionRow[] {
  const { short, long, description, flags } = option;
  if (long === undefined || long === null) return [];
  const placeholder = /[<[]([^>\]]*)[>\]]/.exec(flags)?.[1];
  const isSwitch = placeholder === undefined;
  return [
    {
      short: short ?? undefined,
      long,
      description,
      value: isSwitch ? undefined : completionOf(placeholder, option.argChoices),
      isRepeatable: option.variadic || description.includes('may be repeated'),
    },
  ];
}

function argumentRow(argument: Argument): ArgumentRow {
  const name = argument.name();
  return { name, completion: completionOf(name, argument.argChoices), isVariadic: argument.variadic };
}

/** By its choices, or by what its placeholder is called. */
function completionOf(placeholder: string, choices: readonly string[] | undefined): Completion {
  if (choices !== undefined) return { kind: 'choices', choices };
  const name = placeholder.replace(/\.\.\.$/, '');
  if (['file', 'path', 'directory'].includes(name)) return { kind: 'path' };
  return { kind: name === 'host' ? 'host' : 'free' };
}
