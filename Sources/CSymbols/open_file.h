#ifndef FAULTLINE_OPEN_FILE_H
#define FAULTLINE_OPEN_FILE_H

#include "CSymbols.h"

/* The regular file that a process has mapped, open for reading; or -errno, which is -ESTALE where all that is left is another of its name. */
int open_mapped_file(const struct mapped_file *mapped);

/* Whether a process is a 32-bit one; 0 too where it is gone. */
int is_32_bit(uint32_t pid);

#endif
