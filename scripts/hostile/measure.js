/** Loaded before the command line (`node --import`): writes to descriptor 3 what the process took, when it ends. */
import { writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

process.on('exit', () => {
  // Threads load it too.
  if (!isMainThread) return;
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  writeSync(3, JSON.stringify({ rssKib: maxRSS, cpuMs: (userCPUTime + systemCPUTime) / 1000 }));
});
