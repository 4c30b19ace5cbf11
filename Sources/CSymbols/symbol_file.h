#ifndef FAULTLINE_SYMBOL_FILE_H
#define FAULTLINE_SYMBOL_FILE_H

#include "CSymbols.h"

/* Functions by the place where they begin, none over another. */
struct function_table {
	struct function *list;
	size_t count;
	size_t capacity;
};

/* What is known of a file, or of one that lies whole in another. */
struct symbol_file {
	/* Why there are no names, in a few words; "" where there are. */
	char problem[64];
	/* Hexadecimal digits; "" where it has none. */
	char build_id[129];
	/* The places that this stands for: bytes of the file, of [vdso], or the kernel's addresses. */
	uint64_t start, end;
	struct function_table functions;

	/* Who it is, as fstat(2) has it, and when it was asked for last. */
	uint64_t identity[4];
	uint64_t used;
	/* What the names lie in: the mapped file, its unpacked MiniDebugInfo, and libelf's view of the two. */
	void *mapped;
	size_t mapped_size;
	void *unpacked;
	void *readers[2];
};

#endif
