#pragma once
unsigned long packed(const char *text, unsigned long *check);
