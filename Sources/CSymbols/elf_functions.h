#ifndef FAULTLINE_ELF_FUNCTIONS_H
#define FAULTLINE_ELF_FUNCTIONS_H

#include "symbol_file.h"

/* Fills in functions, build id and problem from an image that begins at file->start and that stays where it is. */
void elf_functions(struct symbol_file *file, const void *image, size_t size);

/* What an xz file holds, in memory that is the caller's to free; null where it cannot be had. */
void *xz_unpack(const void *packed, size_t size, size_t *unpacked_size);

#endif
