import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../testing/command-line.ts';
import { commandTree, everyCommand } from '../command-tree.ts';
import { buildProgram } from '../program.ts';

// What shells make of the scripts is asked of real shells by scripts/completion-check.js.
describe('oslim completion', () => {
  const commands = [...everyCommand(commandTree(buildProgram(() => {})))];

  it.each(['bash', 'zsh', 'fish'])('knows every command and flag in %s', async (shell) => {
    const { status, stdout } = await runCommandLine('completion', shell);
    expect(status).toBe(0);
    for (const { name, flags } of commands) {
      expect(stdout).toContain(name);
      for (const { names } of flags) {
        for (const spelling of names)
          expect(stdout).toContain(
            shell === 'fish'
              ? spelling.replace(/^(-)-?/, (_, dash) => (spelling[1] === dash ? 'l ' : 's '))
              : spelling,
          );
      }
    }
  });

  it('refuses other shells', async () => {
    expect((await runCommandLine('completion', 'tcsh')).status).toBe(2);
  });
});
