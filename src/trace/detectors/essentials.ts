import { joinPath, rootPath } from '../../rootfs/root-path.ts';
import type { Detector } from '../detector.ts';
import type { KeepReason } from '../keep-graph.ts';
import {
  ACCOUNT_PATHS,
  CERTIFICATE_PATHS,
  type EssentialPaths,
  MOUNT_POINTS,
  TEMPORARY_DIRECTORY,
  ZONEINFO_COPIES,
  ZONEINFO_PATHS,
} from '../knowledge/essential-paths.ts';
import type { Trace } from '../trace.ts';

const NAME = 'essentials';

/** Keeps what nearly every process reaches without naming it: certificates, time zones, accounts, /tmp. */
export const essentials: Detector = {
  name: NAME,
  start(trace) {
    const rows = [
      ...ACCOUNT_PATHS,
      ...(trace.options.certificates ? CERTIFICATE_PATHS : []),
      ...(trace.options.zoneinfo ? ZONEINFO_PATHS : []),
    ];
    for (const row of rows) keepRow(trace, row);
    if (trace.options.certificates) keepCertificateTargets(trace);
    if (trace.options.level !== 'minimal')
      for (const { paths, what } of MOUNT_POINTS)
        for (const path of paths)
          if (trace.rootfs.lookup(rootPath(path))?.type === 'directory') trace.keep(path, essential(what));
    trace.keep(TEMPORARY_DIRECTORY, essential('temporary files'));
  },
};

function essential(detail: string): KeepReason {
  return { detector: NAME, detail, certainty: 'exact' };
}

function keepRow(trace: Trace, row: EssentialPaths): void {
  const zoneinfo = row.paths[0];
  for (const path of row.paths) {
    const found = trace.keep(path, essential(row.what));
    if (found?.inode.type !== 'directory') continue;
    trace.keepTree(found.path, essential(row.what), {
      filter: (entry) =>
        !(path === zoneinfo && ZONEINFO_COPIES.some((copy) => entry === joinPath(found.path, copy))),
    });
  }
}

/** The environment may point TLS libraries elsewhere (OpenSSL's X509_get_default_cert_file_env(3), curl(1), requests). */
function keepCertificateTargets(trace: Trace): void {
  for (const name of [
    'SSL_CERT_FILE',
    'SSL_CERT_DIR',
    'CURL_CA_BUNDLE',
    'REQUESTS_CA_BUNDLE',
    'NODE_EXTRA_CA_CERTS',
  ]) {
    for (const path of (trace.process.env.get(name) ?? '').split(':')) {
      if (path !== '') trace.keepTree(rootPath(path), essential(`named by Env ${name}`));
    }
  }
}
