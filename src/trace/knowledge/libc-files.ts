/**
 * The shared objects of a C library itself. What they spell (/bin/sh, the gconv and locale directories, nscd's
 * socket) is spelled in every process, so it says nothing about this one; dlopen-families and the elf detector have
 * the rules for when it is needed. Sources: glibc's `shlib-versions` and Makeconfig; musl's dynlink.c ("reserved" names).
 */
const LIBC_FILE =
  /^(?:ld-(?:linux|musl)[\w.-]*\.so(?:\.\d+)?|ld(?:64)?\.so\.\d|ld-[\d.]+\.so|lib(?:c|m|mvec|pthread|dl|rt|resolv|util|anl|nsl|thread_db|BrokenLocale|crypt_ufc|pcprofile|memusage|c_malloc_debug|SegFault|nss_(?:files|dns|compat|hesiod|db))(?:-[\d.]+)?\.so(?:\.\d+)?|libc\.musl-\w+\.so\.1)$/;

export function isLibcFile(path: string): boolean {
  return LIBC_FILE.test(path.slice(path.lastIndexOf('/') + 1));
}

/** Data of the C library, which static programs spell too: the loader's cache, converters, locales (glibc's Makeconfig). */
export function isLibcData(path: string): boolean {
  return /^\/etc\/ld\.so\.(?:cache|preload|conf)|\/gconv(?:\/|$)|\/lib\/locale(?:\/|$)|\/share\/locale$|\/share\/zoneinfo$/.test(
    path,
  );
}
