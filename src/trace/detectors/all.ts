import type { Detector } from '../detector.ts';
import type { ElfFacts } from '../elf-facts.ts';
import { isInterpreterPackage } from '../languages/python/import-rules.ts';
import { copied, unowned } from './application.ts';
import { config } from './config.ts';
import { declaredCommandsDetector } from './declared-commands.ts';
import { declaredDataDetector } from './declared-data.ts';
import { elfDetector } from './elf.ts';
import { essentials } from './essentials.ts';
import { claimsJava, javaDetector } from './java.ts';
import { libcDataDetector } from './libc-data.ts';
import { libraryData } from './library-data.ts';
import { literalDetector } from './literal.ts';
import { claimsNode, nodeDetector } from './node.ts';
import { packageDetector } from './package.ts';
import { claimsPerl, perlDetector } from './perl.ts';
import { claimsPhp, phpDetector } from './php.ts';
import { claimsPython, pythonDetector } from './python.ts';
import { requestedDetector } from './requested.ts';
import { roots } from './roots.ts';
import { claimsRuby, rubyDetector } from './ruby.ts';
import { runtimeTree } from './runtime-tree.ts';
import { safeLevelDetector } from './safe-level.ts';
import { scriptDetectors } from './scripts.ts';
import { shellLineDetector } from './shell-line.ts';
import { siblingsDetector } from './siblings.ts';
import { spelledCommands } from './spelled-commands.ts';
import { toolchainDetector } from './toolchain.ts';
import { user } from './user.ts';
import { widenDetector } from './widen.ts';
import { wrappedPrograms } from './wrapped-programs.ts';

/** Packages that the detectors of their languages keep by finer rules. */
const CLAIMS = [claimsPython, claimsNode, claimsPerl, claimsJava, claimsRuby, claimsPhp];

/** Packages of the interpreters themselves and of their standard libraries. */
const INTERPRETERS = [isInterpreterPackage, claimsPerl, claimsJava, claimsRuby, claimsPhp];

/** Returns every detector, in the order in which they are asked: the exact ones first, so that reasons read well. */
export function allDetectors(facts: ElfFacts): readonly Detector[] {
  return [
    roots,
    user,
    essentials,
    elfDetector(facts),
    ...scriptDetectors(),
    pythonDetector(),
    nodeDetector(facts),
    perlDetector(facts),
    javaDetector(),
    rubyDetector(facts),
    phpDetector(facts),
    runtimeTree,
    libcDataDetector(facts),
    libraryData,
    packageDetector(CLAIMS),
    literalDetector(facts, CLAIMS),
    wrappedPrograms,
    declaredCommandsDetector(CLAIMS),
    declaredDataDetector((pkg) => INTERPRETERS.some((claim) => claim(pkg))),
    shellLineDetector(facts),
    spelledCommands,
    toolchainDetector(),
    config,
    copied,
    unowned,
    widenDetector(),
    safeLevelDetector(),
    requestedDetector(facts, CLAIMS),
    siblingsDetector(facts),
  ];
}
