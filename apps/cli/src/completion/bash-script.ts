/** Completion for bash, from 3.2 (macOS) up. */
import type { CommandRow, Completion, OptionRow } from './command-table.js';
import { quote } from './shell-quote.js';

/** The script. */
export function bashScript(name: string, table: readonly CommandRow[]): string {
  const valued = table.flatMap((row) => row.options.flatMap((option) => (option.value ? keysOf(row, option) : [])));
  const commands = table.flatMap(({ path, subcommands }) => subcommands.map((each) => `${path} ${each.name}`));
  return `# bash completion for ${name}: source <(${name} completion bash)
_${name}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} path='' count=0 i word
  local IFS=$'\\n'
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case "$path $word" in
      ${patterns(commands)}) path="\${path:+$path }$word" ;;
      ${patterns(valued)}) ((i++)) ;;
      *' '-*) ;;
      *) ((count++)) ;;
    esac
  done
  case "$path $prev" in
${valueCases(table)}
  esac
  if [[ $cur != -* ]]; then
    case "$path $count" in
${argumentCases(table)}
    esac
  fi
  case "$path" in
${table.map((row) => `    ${quote(row.path)}) ${offer({ kind: 'choices', choices: wordsOf(row) })} ;;`).join('\n')}
  esac
}
complete -F _${name} ${name}
`;
}

function keysOf({ path }: CommandRow, { short, long }: OptionRow): string[] {
  return [long, ...(short === undefined ? [] : [short])].map((flag) => `${path} ${flag}`);
}

function patterns(words: readonly string[]): string {
  return words.map(quote).join('|');
}

function wordsOf({ subcommands, options }: CommandRow): readonly string[] {
  return [...subcommands.map(({ name }) => name), ...options.map(({ long }) => long)];
}

function valueCases(table: readonly CommandRow[]): string {
  const lines = table.flatMap((row) =>
    row.options.flatMap((option) =>
      option.value === undefined ? [] : [`    ${patterns(keysOf(row, option))}) ${offer(option.value)}; return ;;`],
    ),
  );
  return lines.join('\n');
}

/** Positions of arguments; `store 2`, and from the last on if it takes more than one. */
function argumentCases(table: readonly CommandRow[]): string {
  const lines = table.flatMap(({ path, arguments: all }) =>
    all.map(({ completion, isVariadic }, index) => {
      const key = isVariadic ? `${quote(`${path} `)}*` : quote(`${path} ${index}`);
      return `      ${key}) ${offer(completion)}; return ;;`;
    }),
  );
  return lines.join('\n');
}

function offer(completion: Completion): string {
  switch (completion.kind) {
    case 'choices':
      return `COMPREPLY=($(compgen -W ${quote(completion.choices.join('\n'))} -- "$cur"))`;
    case 'path':
      return 'compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur"))';
    case 'host':
      return 'COMPREPLY=($(compgen -A hostname -- "$cur"))';
    case 'free':
      return ':';
  }
}
