import { splitWords } from '../commands/split-words.ts';
import type { ConfiguredCommand, FormatContext, ServiceFile } from './configured-command.ts';

/** Sections that start processes (supervisor documentation, "Configuration File"). */
const PROCESS = /^\[(?:program|fcgi-program|eventlistener):([^\]]+)\]/;

/** Reads supervisord.conf: the commands of its programs, split as shlex does, and `[include] files`. */
export function parseSupervisor(text: string, { env }: FormatContext): ServiceFile {
  const commands: ConfiguredCommand[] = [];
  const includes: string[] = [];
  for (const { header, keys } of sectionsOf(text)) {
    const [, name] = PROCESS.exec(header) ?? [];
    if (header === '[include]')
      includes.push(...(keys.get('files') ?? '').split(/\s+/).filter((file) => file !== ''));
    const command = keys.get('command');
    if (name === undefined || command === undefined) continue;
    const expand = (value: string) => expandNames(value, name, env);
    const [, ...pairs] = [undefined, ...splitWords((keys.get('environment') ?? '').replaceAll(',', ' '))];
    commands.push({
      argv: splitWords(expand(command)),
      cwd: keys.get('directory'),
      env: new Map(pairs.flatMap((pair) => assignment(pair ?? ''))),
    });
  }
  return { commands, includes };
}

interface Section {
  readonly header: string;
  readonly keys: ReadonlyMap<string, string>;
}

/** Sections of an INI file; a value goes on in lines that begin with white space. */
function sectionsOf(text: string): Section[] {
  const sections: { header: string; keys: Map<string, string> }[] = [];
  let key = '';
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*[#;]/.test(line)) continue;
    const plain = line.replace(/\s;.*$/, '');
    const here = sections.at(-1);
    const [, name, value] = /^([\w.-]+)\s*[=:]\s*(.*)$/.exec(plain) ?? [];
    if (/^\[.*\]/.test(plain)) sections.push({ header: plain.trim(), keys: new Map() });
    else if (name !== undefined && here !== undefined) {
      key = name;
      here.keys.set(name, (value ?? '').trim());
    } else if (/^\s+\S/.test(plain) && here !== undefined && key !== '') {
      here.keys.set(key, `${here.keys.get(key) ?? ''} ${plain.trim()}`.trim());
    }
  }
  return sections;
}

function assignment(pair: string): (readonly [string, string])[] {
  const equals = pair.indexOf('=');
  return equals > 0 ? [[pair.slice(0, equals), pair.slice(equals + 1)]] : [];
}

/** `%(ENV_HOME)s`, `%(program_name)s`, `%%`. */
function expandNames(value: string, program: string, env: ReadonlyMap<string, string>): string {
  return value
    .replaceAll(/%\(ENV_(\w+)\)s/g, (_, name: string) => env.get(name) ?? '')
    .replaceAll(/%\((?:program_name|group_name)\)s/g, program)
    .replaceAll(/%\((?:process_num)\)0?\d*d/g, '0')
    .replaceAll('%%', '%');
}
