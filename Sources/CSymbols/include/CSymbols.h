#ifndef FAULTLINE_CSYMBOLS_H
#define FAULTLINE_CSYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The functions of ELF files, of [vdso] and of the kernel. The files are the traced programs' own and may be anything: whoever
 * calls this does so in a process that is there for nothing else (symbol_confine).
 */

/* A function, or the nameless places between two, which all have the same answer. */
struct symbol_range {
	uint64_t start, end;
	const char *name; /* no string: it may go on behind `length` */
	size_t length;	  /* zero between functions */
};

/* A longer name is cut, so that many of them fit into one frame. */
#define SYMBOL_NAME_LIMIT 3000

/* What is known of a file, or of one that lies whole in another. */
struct symbol_file;

/* What a process has mapped. */
struct mapped_file {
	uint32_t pid;
	const char *name; /* as /proc/PID/maps has it */
	/* The numbers there of the device, the major one in the upper half, and of the file; no inode: whichever has the name. */
	uint64_t device, inode;
};

/* What is known of the file, as far as `place` belongs to it. Never null; good until the next call. */
const struct symbol_file *symbol_file_at(struct mapped_file mapped, uint64_t place);

/* Why there are no names, in a few words; "" where there are. */
const char *symbol_file_problem(const struct symbol_file *file);

/* Hexadecimal digits; "" where it has none. */
const char *symbol_file_build_id(const struct symbol_file *file);

/* Whether it is the one for this place too. */
bool symbol_file_contains(const struct symbol_file *file, uint64_t place);

/* The function at a place of the file. */
struct symbol_range symbol_file_find(const struct symbol_file *file, uint64_t place);

/* ---- the process that reads the files ---- */

/*
 * Bounds this process's memory and makes it give way to others. From here on a signal that would kill it, or a file that takes too
 * long, makes it run /proc/self/exe anew, with the arguments "symbolise", why, and what is in a struct mapped_file.
 */
void symbol_confine(void);

/* The file that is being read from here on, and that none is. */
void symbol_begin(struct mapped_file file);
void symbol_end(void);

/* Reads or writes all of it on standard input, which is a socket; false where the other side has gone. */
bool symbol_read(void *bytes, size_t size);
bool symbol_write(const void *bytes, size_t size);

/* A process that runs this program with the argument "symbolise"; `socket` is ours, and does not block. 0 or -errno. */
int symbol_spawn(int *socket, int *pid);

#endif
