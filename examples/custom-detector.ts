// Teaches oslim what no rule can know of a framework of one's own: its launcher starts NAME-again when NAME ends, and
// every line of a modules.list names a plugin. Usage: custom-detector IMAGE
import { type Detector, slim } from 'oslim';

const framework: Detector = {
  name: 'framework',

  /** Asked about every program that is started. */
  invoke({ program }, trace) {
    const reason = {
      detector: 'framework',
      from: program,
      detail: 'started again',
      certainty: 'exact',
    } as const;
    // Keeps the command if there is one, and as a program: its libraries come along, its arguments are read.
    trace.run([`${program}-again`], reason);
  },

  /** Asked about every file that is kept, whoever wanted it. */
  detect({ path, inode }, trace) {
    if (inode.type !== 'file' || !path.endsWith('/modules.list')) return;
    for (const line of (trace.rootfs.text(path) ?? '').split('\n')) {
      const reason = {
        detector: 'framework',
        from: path,
        detail: `lists ${line}`,
        certainty: 'exact',
      } as const;
      // Keeps the file and every link on the way; where there is none, nothing.
      trace.keep(`modules/${line}.so`, reason, { cwd: trace.process.cwd });
    }
  },
};

const result = await slim({ image: process.argv[2] ?? '', detectors: [framework] });
for (const path of result.graph.paths()) {
  const reason = result.graph.reasons(path).find(({ detector }) => detector === framework.name);
  if (reason !== undefined) console.log(`${path} is kept: ${reason.detail} by ${reason.from}`);
}
