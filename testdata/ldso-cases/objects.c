/* Prints the path of every object of the process, as its loader knows them, in the order in which they were loaded. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#ifdef LOOK_UP_USER
#include <pwd.h>
#endif

static int print_object(struct dl_phdr_info *info, size_t size, void *data) {
  (void)size;
  (void)data;
  if (info->dlpi_name[0] != '\0') printf("%s\n", info->dlpi_name);
  return 0;
}

int main(void) {
#ifdef LOOK_UP_USER
  getpwnam("nobody");
#endif
#ifdef OPEN
  if (dlopen(OPEN, RTLD_NOW) == NULL) printf("dlopen: %s\n", dlerror());
#endif
  dl_iterate_phdr(print_object, NULL);
  return 0;
}
