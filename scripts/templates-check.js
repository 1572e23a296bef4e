// Do the templates hold? Parses each, checks its structure by rules of our own, with --schemas also the action by
// action-validator and the Jobs by kubernetes-models (from the npm registry; for GitLab and Tekton there is no such package), and runs the script in it with sh or bash: real images, a registry on loopback, the
// environment that the template's own engine would give. Only `npx --yes oslim@VERSION` stands for the oslim of
// this tree. Exit 1 on failure.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { buildSources } from './build-sources.js';
import { REPOSITORY, stagePackage } from './package/stage.js';

const work = mkdtempSync(join(tmpdir(), 'oslim-templates-'));
let failures = 0;
const sources = buildSources();
const { TestRegistry } = await import(join(sources, 'testing/registry/test-registry.js'));
const { programImageFiles } = await import(join(sources, 'testing/program-image.js'));
const { archiveOf } = await import(join(sources, 'testing/image-media.js'));
const registry = await TestRegistry.start();
const host = registry.host;
try {
  install();
  for (let n = 0; n < 7; n++) await put(n);
  await checkGithub();
  await checkGitlab();
  await checkTekton();
  await checkJob();
  await checkIndexedJob();
  if (process.argv.includes('--schemas')) checkSchemas();
} finally {
  await registry.close();
  rmSync(work, { recursive: true, force: true });
}
process.exitCode = failures === 0 ? 0 : 1;

function install() {
  const stage = join(work, 'oslim');
  stagePackage(stage);
  symlinkSync(join(REPOSITORY, 'node_modules'), join(stage, 'node_modules'));
  mkdirSync(join(work, 'bin'));
  // npx --yes oslim@VERSION ARGS...
  const shim = `#!/bin/sh\n[ "$1" = --yes ] || exit 9\ncase $2 in oslim@?*) ;; *) exit 9 ;; esac\nshift 2\nexec '${process.execPath}' '${join(stage, 'bin/oslim.js')}' "$@"\n`;
  writeFileSync(join(work, 'bin/npx'), shim, { mode: 0o755 });
}

/** Pushes a made image, by oslim itself. @param {number} n */
async function put(n) {
  const archive = join(work, `app${n}.tar`);
  writeFileSync(archive, archiveOf(programImageFiles({ config: { author: `number ${n}` } })));
  await run('npx --yes oslim@0 "$ARCHIVE" -q --level safe --push "$TARGET"', {
    ARCHIVE: archive,
    TARGET: `${host}/team/app${n}:1`,
  });
}

async function checkGithub() {
  const action = read('github-action/action.yml');
  const [step] = action.runs.steps;
  check(
    'action: composite, with a shell, inputs described',
    action.runs.using === 'composite' && step.shell === 'bash' && described(action.inputs),
  );
  const inputs = Object.entries(step.env).map(([name, value]) => [
    name,
    /^\$\{\{ inputs\.(\w+) \}\}$/.exec(String(value))?.[1] ?? '',
  ]);
  check(
    'action: every variable is an input',
    inputs.every(([, input = '']) => input in action.inputs),
  );
  check('action: no expression in the script', !step.run.includes('${{'));
  const env = {
    ...defaults(action, inputs),
    IMAGE: join(work, 'app0.tar'),
    OUTPUT: join(work, 'action.tar'),
    FLAGS: '--level safe --fail-on shell',
    PUSH: `${host}/action:slim`,
    RUNNER_TEMP: work,
    GITHUB_STEP_SUMMARY: join(work, 'summary.md'),
  };
  const { status } = await run(step.run, env, 'bash');
  check(
    'action: runs, writes, pushes',
    status === 0 && existsSync(env.OUTPUT) && (await exists('action', 'slim')),
  );
  check('action: the summary has the report', readFileSync(env.GITHUB_STEP_SUMMARY, 'utf8').includes('|'));
  const broken = await run(step.run, { ...env, OUTPUT: '', PUSH: '', FLAGS: '--max-size 1kB' }, 'bash');
  check('action: a policy that does not hold ends it with 3', broken.status === 3);
  const hostile = await run(step.run, { ...env, IMAGE: `$(touch ${work}/hacked); x` }, 'bash');
  check('action: a hostile input is no command', hostile.status !== 0 && !existsSync(join(work, 'hacked')));
}

async function checkGitlab() {
  const { slim } = read('gitlab-ci.yml');
  check(
    'GitLab: image, script of strings',
    typeof slim.image === 'string' &&
      [...slim.script, ...slim.after_script].every((line) => typeof line === 'string'),
  );
  const env = {
    ...slim.variables,
    IMAGE: `docker://${host}/team/app1:1`,
    TARGET: `${host}/gitlab:slim`,
    CI_REGISTRY_USER: 'a',
    CI_REGISTRY_PASSWORD: 'b',
    CI_PROJECT_DIR: work,
  };
  const { status } = await run(slim.script.join('\n'), env);
  check('GitLab: the job pushes', status === 0 && (await exists('gitlab', 'slim')));
  await run(slim.after_script.join('\n'), env);
  check('GitLab: no password stays', !existsSync(join(work, '.password')));
}

async function checkTekton() {
  const task = read('tekton-task.yaml');
  const [step] = task.spec.steps;
  const known = [...task.spec.params, ...task.spec.results, ...task.spec.workspaces].map(({ name }) => name);
  const used = [...JSON.stringify(step.env).matchAll(/\$\((?:params|results|workspaces)\.([\w-]+)/g)].map(
    ([, name]) => name,
  );
  check(
    'Tekton: v1 Task, every variable of it declared',
    task.apiVersion === 'tekton.dev/v1' && task.kind === 'Task' && used.every((name) => known.includes(name)),
  );
  const env = {
    IMAGE: `${host}/team/app2:1`,
    TARGET: `${host}/tekton:slim`,
    VERSION: '0.1.0',
    RESULT: join(work, 'digest'),
  };
  const { status } = await run(step.script, env);
  const digest = await exists('tekton', 'slim');
  check(
    'Tekton: pushes, and the result is the digest',
    status === 0 && digest !== '' && readFileSync(env.RESULT, 'utf8') === digest,
  );
}

async function checkJob() {
  const { container, env } = job('kubernetes-job.yaml');
  const settings = { ...env, IMAGE: `${host}/team/app3:1`, TARGET: `${host}/job:slim` };
  const { status } = await run(container.args[0], settings);
  check('Job: pushes', status === 0 && (await exists('job', 'slim')) !== '');
  const again = await run(container.args[0], settings);
  check(
    'Job: tried again it has nothing to do',
    again.status === 0 && /unchanged|already/i.test(again.output),
  );
}

async function checkIndexedJob() {
  const { container, env, document } = job('kubernetes-indexed-job.yaml');
  const { spec } = document;
  check(
    'indexed Job: Indexed, as many shares as completions',
    spec.completionMode === 'Indexed' && env.COMPLETIONS === String(spec.completions),
  );
  const list = join(work, 'images.txt');
  const names = [0, 1, 2, 3, 4, 5, 6].map((n) => `docker://${host}/team/app${n}:1`);
  writeFileSync(list, `${names.join('\n')}\n`);
  const seen = [];
  for (let index = 0; index < 9; index++) {
    const home = join(work, `home${index}`);
    mkdirSync(home);
    const share = {
      ...env,
      LIST: list,
      COMPLETIONS: '9',
      JOBS: '1',
      HOME: home,
      JOB_COMPLETION_INDEX: String(index),
      TARGET: `${host}/many/{name}:{tag}`,
    };
    const { status, output } = await run(container.args[0], share);
    if (status !== 0) check(`indexed Job: index ${index}\n${output}`, false);
    seen.push(...[...output.matchAll(/"image":"([^"]+)"/g)].map(([, image]) => image));
  }
  check(
    'indexed Job: nine indexes slim each of seven images once',
    JSON.stringify(seen.sort()) === JSON.stringify(names),
  );
  const pushed = await Promise.all(names.map((_, n) => exists(`many/team/app${n}`, '1')));
  check(
    'indexed Job: all are pushed',
    pushed.every((digest) => digest !== ''),
  );
}

function checkSchemas() {
  const project = join(work, 'schemas');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{"private":true,"type":"module"}');
  const packages = ['kubernetes-models@5.1.0', '@action-validator/core@0.6.0', '@action-validator/cli@0.6.0'];
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--silent', ...packages], { cwd: project });
  const template = (/** @type {string} */ name) => join(REPOSITORY, 'templates', name);
  const action = spawnSync('npx', ['action-validator', template('github-action/action.yml')], {
    cwd: project,
  });
  check('action: action-validator', action.status === 0);
  const validate =
    "import { Job } from 'kubernetes-models/batch/v1'; new Job(JSON.parse(process.argv[1])).validate();";
  for (const name of ['kubernetes-job.yaml', 'kubernetes-indexed-job.yaml']) {
    const args = ['--input-type=module', '-e', validate, JSON.stringify(read(name))];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8' });
    check(`${name}: kubernetes-models ${status === 0 ? '' : stderr}`, status === 0);
  }
}

/** @param {string} name */
function job(name) {
  const document = read(name);
  const { template } = document.spec;
  const [container] = template.spec.containers;
  const volumes = template.spec.volumes.map((/** @type {any} */ { name: volume }) => volume);
  check(
    `${name}: a batch/v1 Job that may end`,
    document.apiVersion === 'batch/v1' && document.kind === 'Job' && template.spec.restartPolicy === 'Never',
  );
  check(
    `${name}: variables are strings, volumes are there`,
    container.env.every((/** @type {any} */ { value }) => typeof value === 'string') &&
      container.volumeMounts.every((/** @type {any} */ { name: volume }) => volumes.includes(volume)),
  );
  const env = Object.fromEntries(
    container.env.map((/** @type {any} */ { name: variable, value }) => [variable, value]),
  );
  return { document, container, env };
}

/** @param {string} name @returns {any} */
function read(name) {
  return parse(readFileSync(join(REPOSITORY, 'templates', name), 'utf8'));
}

/** @param {Record<string, { description?: string }>} inputs */
function described(inputs) {
  return Object.values(inputs).every(({ description }) => description !== undefined);
}

/** @param {any} action @param {string[][]} inputs */
function defaults(action, inputs) {
  return Object.fromEntries(
    inputs.map(([name, input = '']) => [name, String(action.inputs[input].default ?? '')]),
  );
}

/** Returns the digest of a tag; empty when it is not there. @param {string} repository @param {string} tag */
async function exists(repository, tag) {
  const answer = await fetch(`http://${host}/v2/${repository}/manifests/${tag}`, {
    method: 'HEAD',
    headers: { accept: '*/*' },
  });
  return answer.ok ? (answer.headers.get('docker-content-digest') ?? '') : '';
}

/** @param {string} script @param {Record<string, string>} env @returns {Promise<{ status: number | null, output: string }>} */
async function run(script, env, shell = 'sh') {
  const common = {
    PATH: `${join(work, 'bin')}:${process.env.PATH}`,
    HOME: work,
    XDG_CACHE_HOME: join(work, 'cache'),
    NO_COLOR: '1',
  };
  const child = spawn(shell, ['-c', script], {
    cwd: work,
    env: { ...common, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  const status = await new Promise((done) => child.on('close', done));
  if (status !== 0 && status !== 3) console.log(output);
  return { status, output };
}

/** @param {string} what @param {boolean | string} holds */
function check(what, holds) {
  if (!holds) failures++;
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${what}`);
}
