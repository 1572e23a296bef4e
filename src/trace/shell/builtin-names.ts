/**
 * Commands that a shell runs itself (POSIX XCU 2.14 "Special Built-In Utilities" and 1.6; bash(1) and zshbuiltins(1)
 * for the others), so that no file of that name is wanted.
 */
const BUILTINS: ReadonlySet<string> = new Set(
  (
    '. : [ alias bg bind break builtin caller cd command compgen complete compopt continue declare dirs disown echo ' +
    'enable eval exec exit export false fc fg getopts hash help history jobs kill let local logout mapfile popd ' +
    'printf pushd pwd read readarray readonly return set shift shopt source suspend test times trap true type ' +
    'typeset ulimit umask unalias unset wait print whence autoload emulate setopt unsetopt zmodload noglob'
  ).split(' '),
);

export function isBuiltin(name: string): boolean {
  return BUILTINS.has(name);
}
