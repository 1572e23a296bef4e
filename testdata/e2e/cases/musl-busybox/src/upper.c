#include <ctype.h>
void filter(char *text) { for (; *text; text++) *text = toupper((unsigned char)*text); }
