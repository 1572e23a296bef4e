/** Names that would leave their place in a page that is careless: as markup, as script, as terminal codes. */
const HOSTILE = [
  '</script><script>globalThis.broken = true</script>',
  '<img src=x onerror="globalThis.broken = true">',
  '<!-- <script>',
  'a\u2028b\u0007c\u001b[31m',
  '\u202egpj.exe',
  '__proto__',
  'it\'s "quoted" & `ticked`',
];

/**
 * Returns a report of `count` files in ever deeper directories, some kept, with hostile names among them.
 * @param {number} count
 * @returns {any}
 */
export function madeReport(count) {
  const kept = /** @type {any[]} */ ([]);
  const removed = [];
  const directories = new Set();
  for (let at = 0; at < count; at++) {
    const parts = ['usr', `d${at % 40}`, `e${at % 700}`];
    for (let depth = 1; depth <= parts.length; depth++)
      directories.add(`/${parts.slice(0, depth).join('/')}`);
    const name = HOSTILE[at - 1000]?.replaceAll('/', '∕') ?? `file-${at}.so`;
    const fact = {
      path: `/${parts.join('/')}/${name}`,
      type: 'file',
      bytes: 200 + ((at * 7919) % 90_001),
      layer: at % 3,
    };
    const reason = (/** @type {string | undefined} */ from) => ({
      detector: 'made',
      detail: from === undefined ? 'Entrypoint' : `needed ${name}`,
      certainty: 'exact',
      ...(from === undefined ? {} : { from }),
    });
    if (at % 5 === 0 || at < 1010)
      kept.push({ ...fact, package: at % 500, reasons: [reason(kept.at(-1)?.path)].slice(0, 1) });
    else removed.push({ ...fact, package: at % 500 });
    // Chains of at most 20 steps.
    if (kept.length % 20 === 0)
      kept.push({ ...fact, path: `${fact.path}.root`, package: at % 500, reasons: [reason(undefined)] });
  }
  const sums = { bytes: 1e7, files: 200, keptBytes: 4e6, keptFiles: 40 };
  const whole = { bytes: 4.5e9, files: count, packages: 500 };
  return {
    schema: '1.0',
    kind: 'report',
    oslim: '0.0.0',
    source: {
      name: `made </title><script>globalThis.broken = true</script>`,
      digest: `sha256:${'0'.repeat(64)}`,
      platform: 'linux/amd64',
    },
    name: 'made:slim',
    image: {
      id: `sha256:${'1'.repeat(64)}`,
      manifest: `sha256:${'2'.repeat(64)}`,
      diffId: `sha256:${'3'.repeat(64)}`,
      layerBytes: 3e8,
    },
    before: whole,
    after: { ...whole, bytes: 9e8, files: kept.length },
    violations: [{ policy: 'shell', path: '/bin/sh', message: HOSTILE[0] }],
    warnings: [{ code: 'UNFOLLOWED', message: HOSTILE[1] }],
    costs: [],
    layers: [0, 1, 2].map((at) => ({
      diffId: `sha256:${String(at).repeat(64)}`,
      createdBy: `RUN ${HOSTILE[at]}`,
      ...sums,
    })),
    packages: Array.from({ length: 500 }, (_, at) => ({
      manager: 'dpkg',
      name: `pkg-${at}${at < 7 ? HOSTILE[at] : ''}`,
      version: '1',
      architecture: 'amd64',
      ...sums,
    })),
    unowned: { bytes: 0, files: 0, keptBytes: 0, keptFiles: 0 },
    kept: [
      ...kept,
      ...[...directories].map((path) => ({ path, type: 'directory', bytes: 0, layer: 0, reasons: [] })),
    ],
    removed,
  };
}
