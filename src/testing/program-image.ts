import { digestOf } from '../oci/digest.ts';
import { MediaType } from '../oci/media-type.ts';
import { buildElf } from './elf-builder.ts';
import { addBlob, type Files, json, withIndex } from './image-media.ts';
import { buildGlibcLoader } from './loader-builder.ts';
import { type TarSpec, tarOf } from './tar-builder.ts';

/** Where the made program's interpreter is, as Debian for x86-64 has it. */
const INTERP = '/lib64/ld-linux-x86-64.so.2';

/** cap_net_bind_service+ep as the kernel stores it (linux/capability.h, vfs_cap_data revision 2). */
export const CAPABILITY = Uint8Array.of(1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

/** A distribution: loader and libc behind merged-usr links, accounts, a shell and other things nobody asks for. */
export const BASE_LAYER: readonly TarSpec[] = [
  { name: 'lib', type: 'symlink', target: 'usr/lib' },
  { name: 'lib64', type: 'symlink', target: 'usr/lib64' },
  { name: 'bin', type: 'symlink', target: 'usr/bin' },
  { name: 'etc/', type: 'directory', mtime: 1_600_000_001 },
  { name: 'etc/passwd', content: 'root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/app:/bin/sh\n' },
  { name: 'etc/group', content: 'root:x:0:\napp:x:1000:\n' },
  { name: 'etc/os-release', content: 'ID=made\n' },
  { name: 'root/', type: 'directory', mode: 0o700 },
  { name: 'tmp/', type: 'directory', mode: 0o1777, mtime: 1_600_000_002 },
  { name: 'usr/', type: 'directory' },
  { name: 'usr/bin/', type: 'directory' },
  { name: 'usr/bin/sh', content: buildElf({ interp: INTERP, needed: ['libc.so.6'] }), mode: 0o755 },
  { name: 'usr/bin/apt', content: buildElf({ interp: INTERP, needed: ['libc.so.6'] }), mode: 0o755 },
  { name: 'usr/lib64/', type: 'directory' },
  { name: 'usr/lib64/ld-linux-x86-64.so.2', type: 'symlink', target: '../lib/x86_64-linux-gnu/ld-2.36.so' },
  { name: 'usr/lib/x86_64-linux-gnu/', type: 'directory', mtime: 1_600_000_003 },
  {
    name: 'usr/lib/x86_64-linux-gnu/ld-2.36.so',
    content: buildGlibcLoader({ type: 3 }),
    mode: 0o755,
    mtime: 1_600_000_004,
  },
  {
    name: 'usr/lib/x86_64-linux-gnu/libc.so.6',
    content: buildElf({ soname: 'libc.so.6', needed: ['ld-linux-x86-64.so.2'] }),
    mode: 0o755,
    mtime: 1_600_000_005,
  },
  { name: 'usr/share/doc/made/copyright', content: 'nobody reads this\n' },
  { name: 'var/lib/removed', content: 'gone in the next layer' },
];

/** An application of its own: a program with a capability and a second name, a library, settings. */
export const APPLICATION_LAYER: readonly TarSpec[] = [
  { name: 'var/lib/.wh.removed', content: '' },
  { name: 'opt/app/', type: 'directory', mode: 0o750, uid: 1000, gid: 1000, mtime: 1_700_000_000 },
  {
    name: 'opt/app/server',
    // Not $ORIGIN: a program with capabilities is started in secure mode, where the loader passes over it.
    content: buildElf({ interp: INTERP, needed: ['libapp.so.1', 'libc.so.6'], runpath: '/opt/app/lib' }),
    mode: 0o4755,
    uid: 1000,
    gid: 1001,
    pax: [['mtime', '1700000001.123456789']],
    xattrs: { 'security.capability': CAPABILITY, 'user.note': 'a\nb' },
  },
  { name: 'opt/app/server-again', type: 'hardlink', target: 'opt/app/server' },
  { name: 'opt/app/lib/libapp.so.1', type: 'symlink', target: 'libapp.so.1.2.3' },
  {
    name: 'opt/app/lib/libapp.so.1.2.3',
    content: buildElf({ soname: 'libapp.so.1', needed: ['libc.so.6'] }),
    uid: 2_500_000,
    gid: 3_000_000,
    mtime: 1_700_000_002,
  },
  { name: 'opt/app/settings.conf', content: 'port = 8080\n', mode: 0o640, gid: 1001, mtime: 1_700_000_003 },
];

/** Everything that a config may say, and members that no specification knows. */
export const FULL_CONFIG = {
  created: '2024-05-06T07:08:09.123456789Z',
  author: 'somebody',
  architecture: 'amd64',
  os: 'linux',
  'org.example.unknown': { nested: [1, 2.5, null] },
  config: {
    User: 'app',
    ExposedPorts: { '8080/tcp': {} },
    Env: ['PATH=/usr/bin:/bin', 'MODE=production'],
    Entrypoint: ['/opt/app/server'],
    Cmd: ['--config', '/opt/app/settings.conf'],
    Volumes: { '/opt/app/lib': {} },
    WorkingDir: '/opt/app',
    Labels: { 'org.example.kind': 'made' },
    StopSignal: 'SIGQUIT',
    OnBuild: ['RUN true'],
    Shell: ['/bin/sh', '-ec'],
    Healthcheck: { Test: ['CMD', '/opt/app/server', '--health'], Interval: 30_000_000_000 },
    FutureMember: ['kept', { as: 'it is' }],
  },
} as const;

export interface ProgramImageOptions {
  readonly layers?: readonly (readonly TarSpec[])[];
  /** Members of the config document; `config` stands for the whole execution config. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Full reference; null: the archive gives none. */
  readonly name?: string | null;
  readonly annotations?: Readonly<Record<string, string>>;
  /** How layers are stored: as they are by default. */
  readonly store?: (tar: Uint8Array) => Uint8Array;
}

/** Returns the files of an archive, Docker's and OCI's at once, with an image whose program can be slimmed. */
export function programImageFiles(options: ProgramImageOptions = {}): Files {
  const tars = (options.layers ?? [BASE_LAYER, APPLICATION_LAYER]).map(tarOf);
  const config = json({
    ...FULL_CONFIG,
    ...options.config,
    rootfs: { type: 'layers', diff_ids: tars.map(digestOf) },
    history: [
      ...tars.map((_, at) => ({ created: '2024-05-06T07:08:09Z', created_by: `COPY layer ${at}` })),
      { created_by: 'CMD', empty_layer: true },
    ],
  });
  const files: Files = new Map();
  const layers = tars.map((tar) =>
    addBlob(files, MediaType.ociLayer, (options.store ?? ((bytes) => bytes))(tar)),
  );
  const descriptor = addBlob(
    files,
    MediaType.ociManifest,
    json({
      schemaVersion: 2,
      mediaType: MediaType.ociManifest,
      config: addBlob(files, MediaType.ociConfig, config),
      layers,
      ...(options.annotations === undefined ? {} : { annotations: options.annotations }),
    }),
  );
  const name = options.name === undefined ? 'docker.io/example/server:1.0' : options.name;
  const blob = (digest: string): string => `blobs/sha256/${digest.slice('sha256:'.length)}`;
  const annotations =
    name === null
      ? {}
      : {
          annotations: {
            'io.containerd.image.name': name,
            'org.opencontainers.image.ref.name': name.slice(name.lastIndexOf(':') + 1),
          },
        };
  files.set(
    'manifest.json',
    json([
      {
        Config: blob(digestOf(config)),
        RepoTags: name === null ? null : [name],
        Layers: layers.map(({ digest }) => blob(digest)),
      },
    ]),
  );
  return withIndex(files, [{ ...descriptor, ...annotations }]);
}
