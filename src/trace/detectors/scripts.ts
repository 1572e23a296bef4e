import { StartedFiles } from '../commands/started-files.ts';
import type { Detector } from '../detector.ts';
import { commandDetector } from './command.ts';
import { pamDetector } from './pam.ts';
import { scriptDetector } from './script.ts';
import { serviceConfig } from './service-config.ts';

/** Returns the detectors that follow command lines and scripts; they share what was started already. */
export function scriptDetectors(): readonly Detector[] {
  const started = new StartedFiles();
  return [scriptDetector(started), commandDetector(started), serviceConfig, pamDetector()];
}
