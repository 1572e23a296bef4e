/** What a library opens at run time by names that are built into it or into its registry, when it is loaded. */
export interface LibraryData {
  /** Matches the base name of the library or of a program that has it built in. */
  readonly libraries: RegExp;
  /** Files, and directories with everything in them; `*` stands for any part of one name. */
  readonly paths: readonly string[];
  /** Are shared objects opened that these files name (typelibs, registries, driver lists)? */
  readonly namesLibraries?: boolean;
  /** What of it is for other uses of the library, by the whole path. */
  readonly except?: RegExp;
  /** Is everything there to be used, however large it is? Else a directory above a limit is left to other rules. */
  readonly isWhole?: boolean;
  readonly source: string;
}

const LIB = ['/usr/lib/*', '/usr/lib64', '/usr/lib', '/usr/local/lib'];

/** Returns `suffix` below every directory that libraries are installed to. */
function inLibraries(...suffixes: readonly string[]): string[] {
  return suffixes.flatMap((suffix) => LIB.map((directory) => `${directory}/${suffix}`));
}

/** Plugins that only servers load (Cyrus SASL, "Auxiliary Properties"), with the library of Berkeley DB that one of them needs. */
export const SASL_AUXPROP = /\/lib(?:sasldb|sql|ldapdb)\.so(?:\.[\d.]+)?$/;

export const LIBRARY_DATA: readonly LibraryData[] = [
  {
    // Which of the installed packages a document asks for is known when it is set.
    libraries: /^libkpathsea\.so/,
    paths: [
      '/etc/texmf',
      '/usr/share/texmf',
      '/usr/share/texlive/texmf-dist',
      '/usr/local/share/texmf',
      '/var/lib/texmf',
    ],
    isWhole: true,
    source: 'Kpathsea manual, "TeX directory structure"; Debian TeX policy, "File placement"',
  },
  {
    libraries: /^libcrypto\.so/,
    paths: [
      '/etc/ssl/openssl.cnf',
      '/usr/lib/ssl/openssl.cnf',
      '/etc/pki/tls/openssl.cnf',
      '/etc/ssl/openssl.cnf.d',
    ],
    source: 'config(5) of OpenSSL: OPENSSLDIR/openssl.cnf',
  },
  {
    libraries: /^libgnutls\.so/,
    paths: ['/etc/gnutls/config', '/etc/crypto-policies/back-ends/gnutls.config'],
    source: 'GnuTLS manual, "System-wide configuration of the library"',
  },
  {
    libraries: /^libfontconfig\.so/,
    paths: [
      '/etc/fonts',
      '/usr/share/fontconfig',
      '/usr/share/fonts',
      '/usr/local/share/fonts',
      '/usr/share/texmf/fonts/opentype',
      '/var/cache/fontconfig',
    ],
    // Who installs a large family means to draw with it.
    isWhole: true,
    source: 'fonts-conf(5): <dir>, <cachedir>, <include>',
  },
  {
    libraries: /^libgdk_pixbuf-2\.0\.so/,
    paths: inLibraries('gdk-pixbuf-2.0'),
    source: 'gdk-pixbuf-query-loaders(1): loaders.cache and the loaders that it names',
  },
  {
    libraries: /^lib(?:gio-2\.0|KF5CoreAddons|Qt[56]Core)\.so/,
    paths: [
      'mime.cache',
      'magic',
      'globs',
      'globs2',
      'aliases',
      'subclasses',
      'types',
      'icons',
      'generic-icons',
      'treemagic',
      'XMLnamespaces',
      'version',
    ].map((name) => `/usr/share/mime/${name}`),
    source: 'Shared MIME-info Database specification, "Unified system"',
  },
  {
    libraries: /^libgio-2\.0\.so/,
    paths: ['/usr/share/glib-2.0/schemas/gschemas.compiled', ...inLibraries('gio/modules')],
    source: 'GIO reference, "Running GIO applications" and GSettings',
  },
  {
    libraries: /^libgirepository-(?:1|2)\.0\.so/,
    paths: inLibraries('girepository-1.0'),
    namesLibraries: true,
    source: 'GObject Introspection, "Typelib": GI_TYPELIB_PATH and the shared library of a namespace',
  },
  {
    libraries: /^libgtk-(?:x11-2|3|4)/,
    paths: [
      '/etc/gtk-*',
      '/usr/share/gtk-*',
      '/usr/share/mime',
      '/usr/share/themes',
      '/usr/share/icons/hicolor',
      '/usr/share/icons/Adwaita',
      '/usr/share/icons/default',
      ...inLibraries('gtk-*'),
    ],
    source: 'GTK reference, "Running and debugging GTK Applications"; Icon Theme specification',
  },
  {
    libraries: /^libgstreamer-1\.0\.so/,
    paths: inLibraries('gstreamer-1.0', 'gstreamer1.0/gstreamer-1.0'),
    source: 'GStreamer, "Environment variables": GST_PLUGIN_SYSTEM_PATH, GST_PLUGIN_SCANNER',
  },
  {
    libraries: /^libQt[56]Gui\.so/,
    paths: inLibraries(
      'qt*/plugins/platforms',
      'qt*/plugins/imageformats',
      'qt*/plugins/iconengines',
      'qt*/plugins/platforminputcontexts',
      'qt*/plugins/platformthemes',
      'qt*/plugins/xcbglintegrations',
    ),
    source: 'Qt documentation, "Deploying Qt plugins"',
  },
  {
    // Which modules are imported stands in documents, often within the program; each is a package of its own.
    libraries: /^libQt[56]Qml\.so/,
    paths: inLibraries('qt*/qml'),
    source: 'Qt documentation, "QML Import Path": QLibraryInfo::QmlImportsPath',
  },
  {
    libraries: /^libQt[56]Sql\.so/,
    paths: inLibraries('qt*/plugins/sqldrivers'),
    source: 'Qt documentation, "SQL Database Drivers"',
  },
  {
    libraries: /^libQt[56]Network\.so/,
    paths: inLibraries(
      'libssl.so.*',
      'libcrypto.so.*',
      'qt*/plugins/bearer',
      'qt*/plugins/tls',
      'qt*/plugins/networkinformation',
    ),
    source: 'Qt documentation, "Deploying Qt plugins"; "SSL/TLS", importing: OpenSSL is opened at run time',
  },
  {
    libraries: /^libX11\.so/,
    paths: ['/usr/share/X11/locale', '/usr/share/X11/XErrorDB', '/usr/share/X11/rgb.txt'],
    source: 'Xlib, XSetLocaleModifiers(3) and XErrorDB',
  },
  {
    libraries: /^libxkbcommon\.so|^libxkbfile\.so|^Xvfb$|^Xorg$|^Xvnc$|^Xtigervnc$|^Xwayland$/,
    paths: ['/usr/share/X11/xkb', '/etc/X11/xkb'],
    source: 'xkeyboard-config(7)',
  },
  {
    libraries: /^lib(?:GL|EGL|GLX|GLX_mesa|EGL_mesa|gbm)\.so/,
    paths: ['/usr/share/glvnd', '/etc/glvnd', '/usr/share/drirc.d', ...inLibraries('dri', 'gbm')],
    source: 'libglvnd, "EGL ICD enumeration"; Mesa, LIBGL_DRIVERS_PATH',
  },
  {
    libraries: /^libvulkan\.so/,
    paths: ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d'],
    namesLibraries: true,
    source: 'Vulkan loader, "Driver discovery on Linux"',
  },
  {
    libraries: /^libOpenCL\.so/,
    paths: ['/etc/OpenCL/vendors'],
    namesLibraries: true,
    source: 'cl_khr_icd, "ICD Loader vendor enumeration on Linux"',
  },
  {
    libraries: /^libmagic\.so/,
    paths: [
      '/usr/share/misc/magic.mgc',
      '/usr/lib/file/magic.mgc',
      '/etc/magic',
      '/etc/magic.mime',
      '/usr/share/file',
    ],
    source: 'libmagic(3), magic(5)',
  },
  {
    libraries: /^libnss3\.so/,
    paths: inLibraries(
      'libsoftokn3.*',
      'libfreebl3.*',
      'libfreeblpriv3.*',
      'libnssckbi.so',
      'libnssdbm3.*',
      'nss/lib*',
    ),
    source: 'NSS, lib/pk11wrap/pk11load.c and lib/freebl/loader.c: the internal token and its ciphers',
  },
  {
    libraries: /^libsasl2\.so/,
    paths: ['/etc/sasl', '/etc/sasl2', ...inLibraries('sasl2')],
    // Where servers look passwords up.
    except: SASL_AUXPROP,
    source: 'Cyrus SASL, "Options": plugin path and configuration path',
  },
  {
    libraries: /^libldap(?:_r)?[-.]/,
    paths: ['/etc/ldap/ldap.conf', '/etc/openldap/ldap.conf'],
    source: 'ldap.conf(5)',
  },
  {
    libraries: /^lib(?:krb5|gssapi_krb5)\.so/,
    paths: ['/etc/krb5.conf', '/etc/krb5.conf.d', '/etc/gss', ...inLibraries('krb5/plugins')],
    source: 'krb5.conf(5)',
  },
  {
    libraries: /^libodbc\.so/,
    paths: ['/etc/odbc.ini', '/etc/odbcinst.ini'],
    namesLibraries: true,
    source: 'unixODBC, "odbcinst.ini"',
  },
  {
    libraries: /^libp11-kit\.so/,
    paths: ['/usr/share/p11-kit', '/etc/pkcs11', ...inLibraries('pkcs11')],
    source: 'pkcs11.conf(5)',
  },
  { libraries: /^libproj\.so/, paths: ['/usr/share/proj'], source: 'PROJ documentation, "Resource files"' },
  {
    libraries: /^libgdal\.so/,
    paths: ['/usr/share/gdal', ...inLibraries('gdalplugins')],
    source: 'GDAL documentation, GDAL_DATA and GDAL_DRIVER_PATH',
  },
  { libraries: /^libpoppler\.so/, paths: ['/usr/share/poppler'], source: 'README of poppler-data' },
  {
    libraries: /^libasound\.so/,
    paths: ['/usr/share/alsa', '/etc/asound.conf', '/etc/alsa', ...inLibraries('alsa-lib')],
    source: 'alsa-lib, "Configuration files"',
  },
  {
    libraries: /^libpulse(?:common)?[-.]/,
    paths: ['/etc/pulse/client.conf', '/etc/pulse/client.conf.d'],
    source: 'pulse-client.conf(5)',
  },
  {
    libraries: /^lib(?:enchant-2|aspell|hunspell-[\d.]+)\.so/,
    paths: [
      '/usr/share/hunspell',
      '/usr/share/enchant-2',
      '/usr/lib/aspell',
      '/usr/share/aspell',
      '/var/lib/aspell',
      ...inLibraries('enchant-2'),
    ],
    source: 'enchant(5), hunspell(5), aspell(1)',
  },
  { libraries: /^libhyphen\.so/, paths: ['/usr/share/hyphen'], source: 'README of Hyphen' },
  {
    libraries: /^libnetsnmp\.so/,
    paths: ['/usr/share/snmp', '/etc/snmp/snmp.conf', '/var/lib/snmp/mibs'],
    source: 'snmp.conf(5): mibdirs',
  },
  {
    libraries: /^lib(?:GeoIP|maxminddb)\.so/,
    paths: ['/usr/share/GeoIP', '/var/lib/GeoIP'],
    source: 'geoipupdate: GeoIP.conf(5), DatabaseDirectory',
  },
  {
    libraries: /^lib(?:tesseract)\.so/,
    paths: ['/usr/share/tesseract-ocr'],
    source: 'tesseract(1): TESSDATA_PREFIX',
  },
  {
    libraries: /^libespeak(?:-ng)?\.so/,
    paths: inLibraries('espeak-ng-data', 'espeak-data'),
    source: 'espeak-ng(1)',
  },
  {
    libraries: /^liblcms2\.so|^libcolord\.so/,
    paths: ['/usr/share/color/icc'],
    source: 'colord, ICC profile directories',
  },
  {
    libraries: /^libgs\.so/,
    paths: [
      '/usr/share/ghostscript',
      '/usr/share/fonts/type1',
      '/usr/share/fonts/X11/Type1',
      '/usr/share/color/icc/ghostscript',
      '/var/lib/ghostscript',
      '/etc/ghostscript',
      '/etc/papersize',
    ],
    source: 'gs(1), "Ghostscript search path"',
  },
  {
    libraries: /^libpaper\.so/,
    paths: ['/etc/papersize', '/etc/libpaper.d', '/etc/paperspecs'],
    source: 'papersize(5)',
  },
  {
    libraries: /^libavahi-client\.so|^libdbus-1\.so/,
    paths: ['/var/lib/dbus', '/etc/machine-id'],
    source: 'dbus-uuidgen(1)',
  },
  { libraries: /^libwebkit2?gtk/, paths: inLibraries('webkit2gtk-*'), source: 'WebKitGTK, process model' },
  {
    libraries: /^libpipewire-/,
    paths: ['/usr/share/pipewire', ...inLibraries('pipewire-*', 'spa-*')],
    source: 'pipewire.conf(5)',
  },
  {
    libraries: /^libmecab\.so/,
    paths: ['/etc/mecabrc', '/var/lib/mecab', '/usr/share/mecab'],
    source: 'mecab(1)',
  },
  {
    libraries: /^libwmf/,
    paths: ['/usr/share/libwmf', '/usr/share/fonts/libwmf'],
    source: 'libwmf, wmf_api',
  },
  {
    libraries: /^lib(?:luajit|lua)-?5/,
    paths: ['/usr/share/lua', '/usr/local/share/lua', '/usr/local/lib/lua', ...inLibraries('lua')],
    source:
      'luaconf.h: LUA_PATH_DEFAULT, LUA_CPATH_DEFAULT; a program with Lua inside requires modules from there',
  },
  {
    libraries: /^libguile-/,
    paths: ['/usr/share/guile', '/usr/local/share/guile', ...inLibraries('guile')],
    source: 'Guile reference, "Load Paths": %load-path, %load-compiled-path',
  },
  { libraries: /^libtcl\d/, paths: ['/usr/share/tcltk/tcl*'], source: 'tclvars(n): tcl_library' },
  { libraries: /^libtk\d/, paths: ['/usr/share/tcltk/tk*'], source: 'tkvars(n): tk_library' },
];
