import { type CommandSpec, everyCommand, type FlagSpec } from './command-tree.ts';

/** When the page last said something new: man pages bear a date, and today's would change the package every day. */
const DATE = '2026-11-21';

/** Returns the manual page, in the man(7) language, written anew from the command line itself. */
export function manPage(tree: CommandSpec, version: string): string {
  const inner = [...everyCommand(tree)].filter(
    (command) => command !== tree && command.commands.length === 0 && command.name !== 'oslim slim',
  );
  return `.\\" Written by \`npm run docs\` from the command line itself.
.TH OSLIM 1 ${DATE} "oslim ${text(version)}"
.SH NAME
oslim \\- slim a container image without running it
.SH SYNOPSIS
${[tree, ...inner].map(synopsis).join('\n.br\n')}
.SH DESCRIPTION
${paragraphs(DESCRIPTION)}
.SH IMAGES
${IMAGES.map(([form, meaning]) => tagged(bold(form), meaning)).join('\n')}
.SH OPTIONS
${tree.flags.map(flag).join('\n')}
.SH COMMANDS
${inner.map(section).join('\n')}
.SH EXIT STATUS
${STATUSES.map(([status, meaning]) => tagged(status, meaning)).join('\n')}
.SH ENVIRONMENT
${ENVIRONMENT.map(([name, meaning]) => tagged(bold(name), meaning)).join('\n')}
.SH FILES
${FILES.map(([name, meaning]) => tagged(italic(name), meaning)).join('\n')}
.SH EXAMPLES
${EXAMPLES.map(([command, meaning]) => `${text(meaning)}\n.PP\n.RS 4\n.nf\n${text(command)}\n.fi\n.RE`).join('\n.PP\n')}
`;
}

const DESCRIPTION = [
  'oslim reads a container image, works out without running anything every file that the configured process needs, and writes a new image: FROM scratch, one layer, only those files. It needs no daemon, no root and no container runtime, on any architecture; the same input gives the same image, byte for byte; and every kept file can say why it is there.',
  'Without -o, --push or --load nothing is written: the summary says what slimming would leave.',
];

const IMAGES: readonly (readonly [string, string])[] = [
  ['myapp:latest', 'a file or directory of that name, else an image of a local engine, else of the registry'],
  ['docker://REF', 'a registry'],
  ['docker-daemon:REF', 'a Docker or Podman engine, over its socket'],
  ['docker-archive:FILE[:REF]', 'what docker save writes'],
  ['oci-archive:FILE[:REF], oci:DIR[:REF]', 'an OCI image layout, as a tar or a directory'],
  ['rootfs:DIR', 'a directory as the filesystem; give --entrypoint'],
  ['-', 'an archive on standard input'],
];

const STATUSES: readonly (readonly [string, string])[] = [
  ['0', 'done'],
  ['1', 'it could not be done; one line on standard error says why, a second one what to do next'],
  ['2', 'wrong usage'],
  [
    '3',
    'done, but a policy does not hold; or a frozen lock differs, and nothing was written; or verify has findings',
  ],
];

const ENVIRONMENT: readonly (readonly [string, string])[] = [
  ['DOCKER_HOST, DOCKER_CONTEXT', 'where the engine listens'],
  ['REGISTRY_AUTH_FILE', 'where podman login keeps its credentials'],
  ['SOURCE_DATE_EPOCH', 'seconds since the epoch; the image was not created later'],
  ['XDG_CACHE_HOME', 'the cache of blobs and layers is in oslim below it'],
  ['NO_COLOR, FORCE_COLOR', 'whether words have colours'],
];

const FILES: readonly (readonly [string, string])[] = [
  ['oslim.yaml', 'flags of a project, spelled without the dashes; the command line wins, and lists add up'],
  ['oslim.lock', 'what --frozen-lock compares with unless --lock names another file'],
];

const EXAMPLES: readonly (readonly [string, string])[] = [
  ['docker save myapp:latest | oslim - -o slim.tar', 'Slim an image that is nowhere but in an engine:'],
  [
    'oslim registry.example/app:1 --all-platforms --push registry.example/app:1-slim --if-changed',
    'Slim the images of all platforms, from registry to registry, unless that is done already:',
  ],
  ['oslim why slim.tar /usr/lib/libz.so.1', 'Ask why a file is there:'],
];

function synopsis({ name, operands }: CommandSpec): string {
  const words = operands.map(({ name: operand, isRequired, isVariadic }) => {
    const word = `${italic(operand)}${isVariadic ? '...' : ''}`;
    return isRequired ? word : `[${word}]`;
  });
  return `${[bold(name), '[options]', ...words].join(' ')}`;
}

function section(command: CommandSpec): string {
  const words = command.operands.map(({ name }) => name);
  const operands = command.operands
    .filter(({ description }) => description !== '')
    .map(({ name, description, choices }) =>
      tagged(italic(name), `${description}${choices.length === 0 ? '' : `: ${choices.join(', ')}`}`),
    );
  return [
    `.SS "${text([command.name, ...words].join(' '))}"`,
    text(sentence(command.description)),
    ...operands,
    ...command.flags.map(flag),
  ].join('\n');
}

function flag({ names, takes, placeholder, description, choices, preset }: FlagSpec): string {
  const value =
    takes === 'nothing' ? '' : takes === 'value' ? ` ${italic(placeholder)}` : ` [${italic(placeholder)}]`;
  const among = choices.length === 0 ? '' : `: ${choices.join(', ')}`;
  const usual = preset === undefined ? '' : ` (default: ${preset})`;
  return tagged(`${names.map(bold).join(', ')}${value}`, `${description}${among}${usual}`);
}

function tagged(tag: string, meaning: string): string {
  return `.TP\n${tag}\n${text(meaning)}`;
}

function paragraphs(texts: readonly string[]): string {
  return texts.map(text).join('\n.PP\n');
}

function bold(word: string): string {
  return `\\fB${text(word)}\\fR`;
}

function italic(word: string): string {
  return `\\fI${text(word)}\\fR`;
}

/** Returns plain text as roff says it: a line must not begin with a control character (roff(7)). */
function text(plain: string): string {
  return plain
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('…', '...')
    .replaceAll('’', "'")
    .replace(/^([.'])/, '\\&$1');
}

function sentence(plain: string): string {
  return `${plain.slice(0, 1).toUpperCase()}${plain.slice(1)}.`;
}
