import type { Certainty } from './resolution.ts';

/** A library that code opens by a fixed name, told by a symbol that it imports. */
export interface FixedFamily {
  readonly family: string;
  /** One of these imported by an object of the process. */
  readonly imports: readonly string[];
  /** What is opened. */
  readonly names: readonly string[];
  readonly certainty: Certainty;
  /** Only under this libc. */
  readonly dialect?: 'glibc' | 'musl';
  /** Where that is written. */
  readonly source: string;
}

/** Modules in a directory whose path is compiled into a library. */
export interface DirectoryFamily {
  readonly family: string;
  /** One of these imported by an object of the process. */
  readonly imports: readonly string[];
  /** DT_SONAME of the library that opens them, which spells the directory in its read-only data. */
  readonly library: RegExp;
  /** The directory, as a string of that library. */
  readonly directory: RegExp;
  /** Which files of it; all shared objects when absent. */
  readonly files?: RegExp;
  readonly certainty: Certainty;
  readonly source: string;
}

/** Modules beside the library that opens them. */
export interface SiblingFamily {
  readonly family: string;
  /** DT_SONAME of the library that opens them. */
  readonly library: RegExp;
  /** Relative to the library's real directory. */
  readonly names: readonly string[];
  readonly certainty: Certainty;
  readonly source: string;
}

export const FIXED_FAMILIES: readonly FixedFamily[] = [
  {
    family: 'unwinder',
    imports: ['pthread_cancel', 'pthread_exit', 'thrd_exit', 'backtrace'],
    names: ['libgcc_s.so.1'],
    certainty: 'exact',
    dialect: 'glibc',
    source: 'glibc misc/unwind-link.c, sysdeps/nptl/pthread_cancel: "libgcc_s.so.1 must be installed"',
  },
];

/** Objects that import a function for a use that hardly any program makes of them: they are no trigger. */
export const OFFERED_IMPORTS: readonly {
  readonly object: RegExp;
  readonly imports: ReadonlySet<string>;
  readonly source: string;
}[] = [
  {
    object: /^libstdc\+\+\.so\.\d/,
    imports: new Set(['iconv_open']),
    source: 'libstdc++ manual, "codecvt": only std::codecvt<…, encoding_state> converts by iconv',
  },
  {
    object: /^bash$/,
    imports: new Set(['iconv_open']),
    source: "bash lib/sh/unicode.c: $'\\u…' in locales whose encoding is not UTF-8",
  },
];

/** glibc's converters: these for everybody who converts, others for who spells their encodings (`gconv-encodings.ts`). */
export const GCONV: DirectoryFamily = {
  family: 'gconv',
  imports: ['iconv_open'],
  library: /^libc\.so\.6$/,
  directory: /^\/.*\/gconv$/,
  files: /^(?:UTF-(?:7|16|32)|UNICODE|ISO8859-\d+|CP125\d)\.so$/,
  certainty: 'inferred',
  source: 'glibc iconv/gconv_conf.c, GCONV_PATH; Unicode and the single-byte encodings of ISO and Windows',
};

export const DIRECTORY_FAMILIES: readonly DirectoryFamily[] = [
  GCONV,
  {
    family: 'openssl-providers',
    imports: ['OSSL_PROVIDER_load', 'OSSL_PROVIDER_try_load', 'OSSL_PROVIDER_load_ex'],
    library: /^libcrypto\.so\.3$/,
    directory: /^\/.*\/ossl-modules$/,
    certainty: 'inferred',
    source: 'OpenSSL crypto/provider_core.c, MODULESDIR',
  },
  {
    family: 'openssl-engines',
    imports: ['ENGINE_by_id', 'ENGINE_load_builtin_engines'],
    library: /^libcrypto\.so\.(?:1\.1|3)$/,
    directory: /^\/.*\/engines-(?:1\.1|3)$/,
    certainty: 'inferred',
    source: 'OpenSSL crypto/engine/eng_dyn.c, ENGINESDIR',
  },
  {
    family: 'sasl',
    imports: ['sasl_server_init'],
    library: /^libsasl2\.so\.2$/,
    directory: /^\/.*\/sasl2$/,
    certainty: 'inferred',
    source: 'Cyrus SASL lib/dlopen.c, PLUGINDIR',
  },
  {
    family: 'sasl',
    imports: ['sasl_client_init'],
    library: /^libsasl2\.so\.2$/,
    directory: /^\/.*\/sasl2$/,
    files: /^lib(?!sasldb|sql|ldapdb)[\w.-]+$/,
    certainty: 'inferred',
    source:
      'Cyrus SASL lib/dlopen.c; libsasldb, libsql and libldapdb are auxprop plugins, which only servers load',
  },
  {
    family: 'pam',
    imports: ['pam_start', 'pam_start_confdir'],
    library: /^libpam\.so\.0$/,
    directory: /^\/.*\/security\/?$/,
    certainty: 'inferred',
    source: 'Linux-PAM libpam/pam_handlers.c, DEFAULT_MODULE_PATH',
  },
  {
    family: 'p11-kit',
    imports: ['p11_kit_modules_load', 'p11_kit_modules_load_and_initialize'],
    library: /^libp11-kit\.so\.0$/,
    directory: /^\/.*\/pkcs11$/,
    certainty: 'inferred',
    source: 'p11-kit p11-kit/modules.c, P11_MODULE_PATH',
  },
  {
    family: 'imagemagick-coders',
    imports: ['MagickCoreGenesis', 'MagickWandGenesis'],
    library: /^libMagickCore-.*\.so\.\d+$/,
    directory: /^\/.*\/modules-[^/]*\/coders\/?$/,
    certainty: 'inferred',
    source: 'ImageMagick MagickCore/module.c, MAGICKCORE_CODER_PATH',
  },
];

export const SIBLING_FAMILIES: readonly SiblingFamily[] = [
  {
    family: 'jvm',
    library: /^libjli\.so$/,
    names: [
      'server/libjvm.so',
      'libjava.so',
      'libverify.so',
      'libjimage.so',
      'libzip.so',
      'libnio.so',
      'libnet.so',
      'libextnet.so',
      'libjsig.so',
    ],
    certainty: 'exact',
    source:
      'OpenJDK src/java.base/unix/native/libjli/java_md.c, GetJVMPath; the libraries of module java.base',
  },
];
