/** Completion for fish. */
import type { CommandRow, Completion, OptionRow } from './command-table.js';
import { quoteForFish as quote } from './shell-quote.js';

/** The script. */
export function fishScript(name: string, table: readonly CommandRow[]): string {
  const commands = table.flatMap(({ path, subcommands }) => subcommands.map((each) => `${path} ${each.name}`));
  return `# fish completion for ${name}: ${name} completion fish > ~/.config/fish/completions/${name}.fish
function __${name}_is_at --description 'Whether these words lead to a command'
  set --local path ''
  for word in (commandline --tokenize --cut-at-cursor --current-process)[2..-1]
    if contains -- "$path $word" ${commands.map(quote).join(' ')}
      set path (string trim -- "$path $word")
    end
  end
  test "$path" = "$argv[1]"
end
complete --command ${name} --erase
complete --command ${name} --no-files
${table.flatMap((row) => linesOf(name, row)).join('\n')}
`;
}

function linesOf(name: string, row: CommandRow): string[] {
  const start = `complete --command ${name} --condition ${quote(`__${name}_is_at ${quote(row.path)}`)}`;
  return [
    ...row.subcommands.map((each) => `${start} --arguments ${each.name} --description ${quote(each.description)}`),
    ...row.options.map((option) => `${start} ${flagsOf(option)} --description ${quote(option.description)}`),
    ...row.arguments.flatMap(({ completion }) => (completion.kind === 'free' ? [] : [`${start} ${offer(completion)}`])),
  ];
}

function flagsOf({ short, long, value }: OptionRow): string {
  const flags = `${short === undefined ? '' : `--short-option ${short.slice(1)} `}--long-option ${long.slice(2)}`;
  if (value === undefined) return flags;
  return `${flags} --require-parameter ${value.kind === 'free' ? '--no-files' : offer(value)}`;
}

function offer(completion: Completion): string {
  switch (completion.kind) {
    case 'choices':
      return `--no-files --arguments ${quote(completion.choices.join(' '))}`;
    case 'host':
      return `--arguments ${quote('(__fish_print_hostnames)')}`;
    case 'path':
      return '--force-files';
    case 'free':
      return '';
  }
}
