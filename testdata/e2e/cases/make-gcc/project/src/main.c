#include "pack.h"
#include <math.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>

static void *half(void *n) { *(double *)n /= 2; return n; }

int main(void)
{
    unsigned long check, size = packed("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", &check);
    sqlite3 *db;
    pthread_t thread;
    double x = 6;
    pthread_create(&thread, NULL, half, &x);
    pthread_join(thread, NULL);
    printf("%lu %lx %.3f %d\n", size, check, cbrt(x), sqlite3_open(":memory:", &db));
    return sqlite3_close(db);
}
