import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import ts from 'typescript';

const SOURCES = fileURLToPath(new URL('..', import.meta.url));
/** What threads import; a moment's work to translate. */
const ROOMS = ['errors.ts', 'io', 'oci', 'image', 'tar', 'transport', 'testing'];
let translated: string | undefined;

/** Starts a thread on a file of the sources: translated first, because Node 20 cannot load TypeScript. */
export function sourceWorker(file: URL, options: WorkerOptions = {}): Worker {
  translated ??= translate();
  const path = relative(SOURCES, fileURLToPath(file)).replace(/\.ts$/, '.js');
  return new Worker(pathToFileURL(join(translated, path)), options);
}

function translate(): string {
  const directory = mkdtempSync(join(tmpdir(), 'oslim-sources-'));
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
  symlinkSync(join(SOURCES, '..', 'node_modules'), join(directory, 'node_modules'));
  for (const path of ROOMS.flatMap(filesOf)) {
    const text = readFileSync(join(SOURCES, path), 'utf8');
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(
      join(directory, path.replace(/\.ts$/, '.js')),
      path.endsWith('.ts') ? toJavaScript(text) : text,
    );
  }
  return directory;
}

function filesOf(room: string): string[] {
  if (room.endsWith('.ts')) return [room];
  return readdirSync(join(SOURCES, room), { recursive: true, encoding: 'utf8' })
    .filter((name) => /(?<!\.test|\.d)\.ts$|\.js$/.test(name))
    .map((name) => join(room, name));
}

function toJavaScript(text: string): string {
  const compilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    verbatimModuleSyntax: true,
    rewriteRelativeImportExtensions: true,
  };
  return ts.transpileModule(text, { compilerOptions }).outputText;
}
