#ifndef FAULTLINE_KERNEL_FUNCTIONS_H
#define FAULTLINE_KERNEL_FUNCTIONS_H

#include "symbol_file.h"

/* Fills in the kernel's functions and those of its modules, from a file such as /proc/kallsyms. */
void kernel_functions(struct symbol_file *file, const char *path);

/* Fills in the functions of [vdso], which the kernel maps into each process. */
void vdso_functions(struct symbol_file *file);

#endif
