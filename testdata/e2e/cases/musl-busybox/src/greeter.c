#include <dlfcn.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
int greet(char *out, unsigned size, const char *who);
int main(int argc, char **argv) {
    FILE *conf = argc > 1 ? fopen(argv[1], "r") : NULL;
    char line[256], text[256] = "";
    if (!conf) return fprintf(stderr, "greeter: no configuration\n"), 2;
    while (fgets(line, sizeof line, conf)) {
        line[strcspn(line, "\n")] = 0;
        if (!strncmp(line, "who=", 4)) greet(text, sizeof text, line + 4);
        if (!strncmp(line, "user=", 5)) {
            struct passwd *entry = getpwnam(line + 5);
            printf("%s lives in %s\n", line + 5, entry ? entry->pw_dir : "nowhere");
        }
        if (!strncmp(line, "filter=", 7)) {
            void *library = dlopen(line + 7, RTLD_NOW);
            void (*filter)(char *) = library ? (void (*)(char *))dlsym(library, "filter") : NULL;
            if (!filter) return fprintf(stderr, "greeter: %s\n", dlerror()), 3;
            filter(text);
        }
    }
    return puts(text), 0;
}
