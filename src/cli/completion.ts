import { TOOL } from '../tool.ts';

export const SHELLS = ['bash', 'zsh'] as const;

export type Shell = (typeof SHELLS)[number];

/** A command and all that can follow it: flags, or words. */
export interface Completable {
  readonly name: string;
  readonly words: readonly string[];
}

const FUNCTION = `_${TOOL.name.replaceAll('-', '_')}`;

/** A script for the shell to read in: it completes commands, then their flags, and file names as values. */
export function completionScript(shell: Shell, commands: readonly Completable[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  return shell === 'bash' ? bashScript(names, commands) : zshScript(names, commands);
}

function bashScript(names: string, commands: readonly Completable[]): string {
  return `# source <(${TOOL.name} completion bash)
${FUNCTION}() {
  local current=\${COMP_WORDS[COMP_CWORD]} words=''
  if [ "$COMP_CWORD" -eq 1 ]; then
    words='${names}'
  elif [[ \${COMP_WORDS[1]} == completion || $current == -* ]]; then
    case \${COMP_WORDS[1]} in
${cases(commands, (words) => `words='${words}'`)}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F ${FUNCTION} ${TOOL.name}
`;
}

/** As a file in \`$fpath\` it is the function itself; read in by \`source\` it announces the function. */
function zshScript(names: string, commands: readonly Completable[]): string {
  return `#compdef ${TOOL.name}
# source <(${TOOL.name} completion zsh)
${FUNCTION}() {
  if (( CURRENT == 2 )); then
    compadd -- ${names}
  elif [[ $words[2] == completion || $words[CURRENT] == -* ]]; then
    case $words[2] in
${cases(commands, (words) => `compadd -- ${words}`)}
    esac
  else
    _files
  fi
}
if [[ $funcstack[1] == _${TOOL.name} ]]; then
  ${FUNCTION} "$@"
else
  compdef ${FUNCTION} ${TOOL.name}
fi
`;
}

function cases(commands: readonly Completable[], body: (words: string) => string): string {
  return commands.map(({ name, words }) => `      ${name}) ${body(words.join(' '))} ;;`).join('\n');
}
