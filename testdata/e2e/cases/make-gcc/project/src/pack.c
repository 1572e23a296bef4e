#include "pack.h"
#include <string.h>
#include <zlib.h>

unsigned long packed(const char *text, unsigned long *check)
{
    unsigned char out[256];
    uLongf size = sizeof out;
    *check = adler32(1, (const Bytef *)text, strlen(text));
    return compress2(out, &size, (const Bytef *)text, strlen(text), 9) == Z_OK ? size : 0;
}
