#ifndef FAULTLINE_OPEN_FILE_H
#define FAULTLINE_OPEN_FILE_H

#include <stdint.h>

/* The regular file that a process has mapped under this name, open for reading; or -errno. */
int open_mapped_file(uint32_t pid, const char *file);

/* Whether a process is a 32-bit one; 0 too where it is gone. */
int is_32_bit(uint32_t pid);

#endif
