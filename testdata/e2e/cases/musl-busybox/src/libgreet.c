#include <stdio.h>
int greet(char *out, unsigned size, const char *who) { return snprintf(out, size, "hello, %s", who); }
