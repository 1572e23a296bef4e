/* A library that opens another one when it is loaded: the search is by the RUNPATH or RPATH of this library. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>

__attribute__((constructor)) static void open_plugin(void) {
  if (dlopen(OPEN, RTLD_NOW) == NULL) printf("dlopen: %s\n", dlerror());
}
