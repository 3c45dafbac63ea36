/** Completion for zsh, by its `_arguments`. */
import type { ArgumentRow, CommandRow, Completion, OptionRow } from './command-table.js';
import { quote } from './shell-quote.js';

/** The script; it may be sourced, or lie as `_NAME` in a directory of `$fpath`. */
export function zshScript(name: string, table: readonly CommandRow[]): string {
  return `#compdef ${name}
# zsh completion for ${name}: source <(${name} completion zsh)
${table.map((row) => functionOf(name, row)).join('\n')}
if [[ $funcstack[1] == _${name} ]]; then
  _${name} "$@"
else
  compdef _${name} ${name}
fi
`;
}

function functionOf(name: string, row: CommandRow): string {
  const words = row.options.map(optionSpec);
  if (row.subcommands.length === 0) {
    const all = [...words, ...row.arguments.map(argumentSpec)].map((word) => `    ${word}`);
    return `${functionName(name, row.path)}() {
  _arguments -s -S \\
${all.join(' \\\n')}
}`;
  }
  const described = row.subcommands.map((each) => `      ${quote(`${each.name}:${escaped(each.description)}`)}`);
  const calls = row.subcommands
    .filter((each) => each.name !== 'help')
    .map(
      (each) =>
        `        ${each.name}) ${functionName(name, row.path === '' ? each.name : `${row.path} ${each.name}`)} ;;`,
    );
  return `${functionName(name, row.path)}() {
  local line state
  local -a commands
  _arguments -C \\
${[...words, quote('1: :->command'), quote('*:: :->argument')].map((word) => `    ${word}`).join(' \\\n')}
  case $state in
    command)
      commands=(
${described.join('\n')}
      )
      _describe command commands
      ;;
    argument)
      case $line[1] in
${calls.join('\n')}
      esac
      ;;
  esac
}`;
}

function functionName(name: string, path: string): string {
  return ['', name, ...path.split(' ').filter((word) => word !== '')].join('_');
}

/** `'*--key[text]:value:action'`; with a short flag, one that excludes the other. */
function optionSpec({ short, long, description, value, isRepeatable }: OptionRow): string {
  const flags = [...(short === undefined ? [] : [short]), long];
  const text = `[${escaped(description)}]${value === undefined ? '' : `:value:${action(value)}`}`;
  const star = isRepeatable ? '*' : '';
  if (flags.length === 1) return quote(`${star}${long}${text}`);
  const exclusion = isRepeatable ? star : `(${flags.join(' ')})`;
  return `${quote(exclusion)}{${flags.join(',')}}${quote(text)}`;
}

function argumentSpec({ name, completion, isVariadic }: ArgumentRow): string {
  return quote(`${isVariadic ? '*' : ''}:${escaped(name)}:${action(completion)}`);
}

function action(completion: Completion): string {
  switch (completion.kind) {
    case 'choices':
      return `(${completion.choices.join(' ')})`;
    case 'path':
      return '_files';
    case 'host':
      return '_hosts';
    case 'free':
      return ' ';
  }
}

/** Brackets, colons and backslashes have a meaning in these words. */
function escaped(text: string): string {
  return text.replace(/[\\[\]:]/g, '\\$&');
}
