import { baseName } from '../../rootfs/root-path.ts';
import type { InterpreterCall } from '../commands/interpreter-call.ts';
import type { Invocation } from '../detector.ts';

/** The files that a shell reads before anything else: bash(1) "INVOCATION", dash(1), zsh(1) "STARTUP/SHUTDOWN FILES". */
export function startupFiles(call: InterpreterCall, { invokedAs, env }: Invocation): readonly string[] {
  const name = baseName(invokedAs);
  const has = (...options: string[]) => call.options.some((option) => options.includes(option.name));
  const home = env.get('HOME') ?? '/root';
  const files: string[] = [];
  if (name === 'zsh') files.push('/etc/zsh/zshenv', `${home}/.zshenv`);
  if (has('-l', '--login')) {
    files.push('/etc/profile');
    const own = name === 'bash' ? ['.bash_profile', '.bash_login', '.profile'] : ['.profile'];
    files.push(...own.map((file) => `${home}/${file}`));
  } else if (has('-i') || call.kind === 'stdin') {
    if (name === 'bash') files.push('/etc/bash.bashrc', `${home}/.bashrc`);
    files.push(env.get('ENV') ?? '');
  }
  if (name === 'bash') files.push(env.get('BASH_ENV') ?? '');
  const rcfile = call.options.find((option) => option.name === '--rcfile' || option.name === '--init-file');
  return [...files, rcfile?.value ?? ''].filter((file) => file !== '');
}
