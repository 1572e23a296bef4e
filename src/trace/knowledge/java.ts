/** A program that starts a Java runtime with the options of java(1), and the options that are its own. */
export interface JavaLauncher {
  /** Matches the base name by which it is called. */
  readonly names: RegExp;
  /** Options with a value in the next word that java(1) does not know. */
  readonly ownOptions: ReadonlySet<string>;
  readonly source: string;
}

export const LAUNCHERS: readonly JavaLauncher[] = [
  { names: /^java$/, ownOptions: new Set(), source: 'java(1)' },
  {
    names: /^jsvc$/,
    ownOptions: new Set(
      '-jvm -home -java-home -user -cwd -outfile -errfile -pidfile -wait -umask -procname'.split(' '),
    ),
    source: 'Apache Commons Daemon, jsvc, "Using jsvc"',
  },
];

/** Source packages whose files are a Java runtime, which its detector keeps by its own rules. */
export const RUNTIME_SOURCES: readonly { readonly pattern: RegExp; readonly source: string }[] = [
  { pattern: /^openjdk-(?:\d+|lts)$/, source: 'Debian and Ubuntu, source packages openjdk-N' },
  { pattern: /^openjdk\d+(?:-\w+)?$/, source: 'Alpine Linux, aports community/openjdkN' },
  {
    pattern: /^java-(?:[\d.]+|latest)-[\w-]+$/,
    source: 'Fedora and RHEL, java-N-openjdk; Corretto, java-N-amazon-corretto',
  },
  {
    pattern:
      /^(?:temurin|adoptopenjdk|zulu|bellsoft-java|msopenjdk|sapmachine|ibm-semeru-open|graalvm|mandrel)-?[\w.-]*$/,
    source: "the vendors' own deb and rpm repositories",
  },
  { pattern: /^(?:jdk|jre)-?[\d.]+$/, source: 'Oracle JDK, rpm and deb packages' },
];

/** A use of the runtime that brings files of it, or of the system, into play. */
export interface RuntimeUse {
  readonly use: string;
  /** Matches the name (with slashes) of a class that calls for it. */
  readonly classes?: RegExp;
  /** Matches a string literal that such a class must spell as well. */
  readonly literals?: RegExp;
  /** Matches an option of the command line that calls for it. */
  readonly options?: RegExp;
  /** Matches the name of a tool of the runtime that needs it. */
  readonly tools?: RegExp;
  /** Matches an option or property that rules it out. */
  readonly unless?: RegExp;
  /** Files that only this use reads, relative to the directory above `lib` (`jre/` left out). */
  readonly files: RegExp;
  /** Libraries of the system that those files open by name. */
  readonly opens?: readonly string[];
  /** Files and directories of the system; `*` stands for any part of one name. */
  readonly data?: readonly string[];
  readonly source: string;
}

/** A native library `lib/libNAME.so`, in `lib/PROCESSOR` before Java 9. */
function library(names: string): RegExp {
  return new RegExp(`^lib/(?:[\\w-]+/)?lib(?:${names})\\.so$`);
}

export const RUNTIME_USES: readonly RuntimeUse[] = [
  {
    use: 'desktop',
    classes: /^(?:java\/awt\/|javax\/(?:swing|imageio|print)\/|sun\/(?:awt|java2d)\/)/,
    files:
      /^(?:lib\/(?:[\w-]+\/)?lib(?:awt|awt_headless|mlib_image|fontmanager|freetype|lcms|javajpeg|jpeg|t2k|dcpr|kcms)\.so|lib\/(?:psfont.*|fontconfig.*|flavormap.*)|lib\/(?:images|cmm|fonts|oblique-fonts)(?:\/.*)?)$/,
    opens: ['libfontconfig.so.1'],
    data: [
      '/etc/fonts',
      '/usr/share/fontconfig',
      '/usr/share/fonts',
      '/usr/local/share/fonts',
      '/var/cache/fontconfig',
      '/usr/share/X11/fonts',
    ],
    source:
      'OpenJDK, make/modules/java.desktop/lib; unix/native/common/awt/fontpath.c opens libfontconfig.so.1',
  },
  {
    use: 'windows',
    classes:
      /^(?:javax\/swing\/J|java\/awt\/(?:Window|Frame|Dialog|FileDialog|Robot|Desktop|SystemTray|TrayIcon|SplashScreen|Panel|Canvas)$)/,
    unless: /^-Djava\.awt\.headless=true$/,
    files: library('awt_xawt|jawt|splashscreen'),
    source: 'OpenJDK, PlatformGraphicsInfo: without DISPLAY or libawt_xawt.so a program is headless',
  },
  {
    use: 'printing',
    classes: /^(?:javax\/print\/|java\/awt\/print\/)/,
    files: /^$/,
    opens: ['libcups.so.2'],
    data: ['/etc/cups/client.conf'],
    source: 'OpenJDK, unix/native/common/awt/CUPSfuncs.c, initIDs',
  },
  {
    use: 'sound',
    classes: /^javax\/sound\//,
    files: library('jsound|jsoundalsa'),
    data: ['/usr/share/alsa', '/etc/asound.conf', '/etc/alsa'],
    source: 'OpenJDK, make/modules/java.desktop/lib/Lib.gmk',
  },
  {
    use: 'smart cards',
    classes: /^(?:javax|sun\/security)\/smartcardio\//,
    files: library('j2pcsc'),
    opens: ['libpcsclite.so.1'],
    source: 'OpenJDK, java.smartcardio/unix/native/libj2pcsc/pcsc_md.c',
  },
  {
    use: 'Kerberos',
    classes:
      /^(?:org\/ietf\/jgss\/|javax\/security\/auth\/kerberos\/|com\/sun\/security\/auth\/module\/Krb5)/,
    files: /^$/,
    data: ['/etc/krb5.conf', '/etc/krb5.conf.d', '/etc/krb5.keytab'],
    source: 'OpenJDK, sun.security.krb5.Config, getNativeFileName',
  },
  {
    use: 'the system GSS library',
    options: /^-Dsun\.security\.jgss\.(?:native|lib)\b/,
    files: library('j2gss'),
    opens: ['libgssapi_krb5.so.2', 'libgssapi_krb5.so', 'libgssapi.so'],
    source: 'OpenJDK, sun.security.jgss.wrapper.SunNativeProvider',
  },
  {
    use: 'SCTP',
    classes: /^com\/sun\/nio\/sctp\//,
    files: library('sctp'),
    opens: ['libsctp.so.1'],
    source: 'OpenJDK, jdk.sctp/unix/native/libsctp/SctpNet.c',
  },
  {
    use: 'vectors',
    classes: /^jdk\/incubator\/vector\//,
    options: /jdk\.incubator\.vector/,
    files: library('jsvml|sleef'),
    source: 'OpenJDK JEP 338, make/modules/jdk.incubator.vector/Lib.gmk',
  },
  {
    use: 'a debugger',
    options: /jdwp/,
    tools: /^jdb$/,
    files: library('jdwp|dt_socket'),
    source: 'java(1), JDWP; OpenJDK make/modules/jdk.jdwp.agent',
  },
  {
    use: 'the serviceability agent',
    classes: /^sun\/jvm\/hotspot\//,
    tools: /^(?:jhsdb|jmap|jstack|jinfo)$/,
    files: /^lib\/(?:[\w-]+\/)?(?:libsaproc\.so|sa-jdi\.jar)$/,
    source: 'jhsdb(1)',
  },
  {
    use: 'class data sharing without compressed object pointers',
    options: /^-XX:(?:\+UseZGC|-UseCompressedOops)\b|^-Xm[sx](?:\d{2,}g|\d{5,}m)$/i,
    files: /^lib\/(?:[\w-]+\/)?\w+\/classes_nocoops(?:_coh)?\.jsa$/,
    source: 'OpenJDK JEP 341 and make/Images.gmk, CDS archives',
  },
  {
    use: 'class data sharing with compact object headers',
    options: /^-XX:\+UseCompactObjectHeaders\b/,
    files: /^lib\/(?:[\w-]+\/)?\w+\/classes(?:_nocoops)?_coh\.jsa$/,
    source: 'OpenJDK JEP 450',
  },
  {
    use: 'a dump of shared classes',
    options: /^-X(?:share:dump|X:(?:ArchiveClassesAtExit|AOTCache|AOTMode))/,
    files: /^lib\/(?:classlist|[\w-]+\/Xusage\.txt)$/,
    source: 'java(1), "Application Class Data Sharing"',
  },
  {
    use: 'the compiler',
    classes: /^(?:com\/sun\/tools\/javac\/|javax\/tools\/ToolProvider$)/,
    literals: /^--release$/,
    tools: /^(?:javac|javadoc|jshell|jdeps|jdeprscan)$/,
    files: /^lib\/(?:ct\.sym|jrt-fs\.jar)$/,
    source: 'javac(1), --release and --system; OpenJDK make/modules/jdk.compiler/Gendata.gmk',
  },
  {
    use: 'linking of runtimes',
    tools: /^(?:jlink|jmod|jpackage)$/,
    files: /^(?:jmods(?:\/.*)?|lib\/jrt-fs\.jar)$/,
    source: 'jlink(1)',
  },
];

/** Parts of a runtime that it never reads when it runs programs, relative to the directory above `lib`. */
export const NEVER_READ: readonly { readonly files: RegExp; readonly source: string }[] = [
  {
    files: /^(?:legal|man|demo|sample|docs|include|bin)(?:\/.*)?$/,
    source: 'JDK Installation Guide, "Installed Directory Structure"',
  },
  { files: /^(?:lib\/)?(?:src\.zip|\w+-src\.zip)$/, source: 'JEP 220: the source of the libraries' },
  {
    files: /\.(?:debuginfo|diz|pdb|map|a|txt|md|html)$/,
    source: 'OpenJDK doc/building.md, native debug symbols; static libraries',
  },
  {
    files:
      /^(?:README.*|LICENSE.*|NOTICE.*|COPYRIGHT|ASSEMBLY_EXCEPTION|ADDITIONAL_LICENSE_INFO|THIRD_PARTY.*|TRADEMARK)$/i,
    source: 'licences',
  },
  {
    files: /^lib\/(?:jexec|desktop(?:\/.*)?|missioncontrol(?:\/.*)?|visualvm(?:\/.*)?)$/,
    source: 'JDK 8 Installed Directory Structure; jexec is for binfmt_misc',
  },
  {
    files: /^lib\/(?:plugin|javaws|deploy|jfxswt|ant-javafx)\.jar$|^lib\/(?:deploy|applet)(?:\/.*)?$/,
    source: 'JDK 8 deployment: browser plug-in and Web Start',
  },
];

/** Files of the system that runtimes read wherever they are. */
export const SYSTEM_FILES: readonly { readonly path: string; readonly source: string }[] = [
  { path: '/etc/timezone', source: 'OpenJDK, unix/native/libjava/TimeZone_md.c' },
  { path: '/etc/localtime', source: 'OpenJDK, unix/native/libjava/TimeZone_md.c' },
  {
    path: '/etc/crypto-policies/back-ends/java.config',
    source: 'Fedora, CryptoPolicies: security.useSystemPropertiesFile',
  },
  { path: '/etc/pki/java/cacerts', source: 'Fedora, ca-certificates' },
  { path: '/etc/ssl/certs/java/cacerts', source: 'Debian, ca-certificates-java' },
  { path: '/etc/ssl/certs/adoptium/cacerts', source: 'Eclipse Temurin, adoptium-ca-certificates' },
];

/** Where System.loadLibrary looks when java.library.path is not set. */
export const LIBRARY_PATH: readonly { readonly pattern: string; readonly source: string }[] = [
  { pattern: '/usr/java/packages/lib', source: 'OpenJDK, os_linux.cpp, SYS_EXT_DIR' },
  { pattern: '/usr/lib/*/jni', source: 'Debian patch to os_linux.cpp; Debian Java Policy 2.4' },
  { pattern: '/usr/lib/jni', source: 'Debian Java Policy 2.4' },
  { pattern: '/usr/lib64', source: 'OpenJDK, os_linux.cpp, DEFAULT_LIBPATH' },
  { pattern: '/lib64', source: 'OpenJDK, os_linux.cpp, DEFAULT_LIBPATH' },
  { pattern: '/usr/lib/*', source: 'Debian patch to os_linux.cpp: multiarch' },
  { pattern: '/usr/lib', source: 'OpenJDK, os_linux.cpp, DEFAULT_LIBPATH' },
  { pattern: '/lib', source: 'OpenJDK, os_linux.cpp, DEFAULT_LIBPATH' },
];

/** Methods that start a program: their class spells its command line. */
export const STARTERS =
  /^(?:java\/lang\/ProcessBuilder\.(?:<init>|command)|java\/lang\/Runtime\.exec|org\/apache\/commons\/exec\/CommandLine\.\w+|scala\/sys\/process\/Process\w*\$?\.\w+|org\/codehaus\/groovy\/runtime\/ProcessGroovyMethods\.execute)$/;

/** Methods that load a native library by its name: System, Runtime, JNA, JNR, the foreign function API, JavaCPP. */
export const LIBRARY_LOADERS =
  /^(?:java\/lang\/(?:System|Runtime)\.(?:load|loadLibrary)|com\/sun\/jna\/(?:Native|NativeLibrary)\.\w+|jnr\/ffi\/LibraryLoader\.\w+|java\/lang\/foreign\/SymbolLookup\.libraryLookup|org\/bytedeco\/javacpp\/Loader\.load)$/;

/** System properties whose directories are not read for what is in them. */
export const PLACE_PROPERTIES =
  /^(?:java\.io\.tmpdir|java\.home|user\.(?:home|dir)|os\..*|file\..*|.*\.(?:tmp|temp|log|logs|out)(?:\.?dir)?)$/i;
