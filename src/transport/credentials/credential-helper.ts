import { spawn } from 'node:child_process';
import { reasonOf, TransportError } from '../../errors.ts';
import { isRecord } from '../../oci/json.ts';
import type { Credential } from './credential.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const TIMEOUT_MS = 60_000;
const MAX_OUTPUT_BYTES = 1 << 20;
/**
 * What helpers say of a server that they have nothing for (docker-credential-helpers, credentials/error.go).
 */
const NOT_FOUND =
  /credentials not found|credentials server URL|no credentials server|could not be found in the keychain|The specified item/i;

/**
 * Asks the program `docker-credential-NAME` for the credential of `server` (docker-credential-helpers'
 * protocol: the server on stdin, JSON on stdout); undefined when it has none. Throws TransportError, which
 * holds nothing of what the program printed.
 */
export async function askCredentialHelper(
  name: string,
  server: string,
  env: Environment,
  timeoutMs: number = TIMEOUT_MS,
): Promise<Credential | undefined> {
  const program = `docker-credential-${name}`;
  // A name with a slash would start a program from anywhere: podman and Docker look in PATH only.
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) throw refuse(program, 'its name is not that of a helper');
  const { output, status } = await run(program, server, env, timeoutMs);
  if (status !== 0) {
    if (NOT_FOUND.test(output)) return undefined;
    throw refuse(program, `it ended with status ${status}`);
  }
  return parseAnswer(program, output);
}

function parseAnswer(program: string, output: string): Credential | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(output);
  } catch {
    // The parser's message would quote the secret.
    throw refuse(program, 'its answer is not JSON');
  }
  const username = isRecord(answer) ? answer.Username : undefined;
  const secret = isRecord(answer) ? answer.Secret : undefined;
  if (typeof username !== 'string' || typeof secret !== 'string')
    throw refuse(program, 'its answer has no Username and Secret');
  if (username === '' && secret === '') return undefined;
  if (username === '<token>') return { kind: 'identity', username, identityToken: secret };
  return { kind: 'password', username, password: secret };
}

interface Ended {
  readonly output: string;
  readonly status: number | string;
}

function run(program: string, input: string, env: Environment, timeoutMs: number): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['get'], {
      env: { ...env },
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    const chunks: Buffer[] = [];
    let size = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_OUTPUT_BYTES) chunks.push(chunk);
      else child.kill('SIGKILL');
    });
    child.on('error', (error) => reject(refuse(program, reasonOf(error))));
    child.on('close', (code, signal) => {
      if (size > MAX_OUTPUT_BYTES) reject(refuse(program, `it printed more than ${MAX_OUTPUT_BYTES} bytes`));
      else if (signal !== null) reject(refuse(program, `it did not answer within ${timeoutMs / 1000} s`));
      else resolve({ output: Buffer.concat(chunks).toString('utf8'), status: code ?? 'unknown' });
    });
    // A helper that ends without reading its input closes the pipe; its status tells.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

function refuse(program: string, reason: string): TransportError {
  return new TransportError('source', `cannot get credentials from "${program}": ${reason}`, {
    advice: 'see credsStore and credHelpers in config.json',
  });
}
