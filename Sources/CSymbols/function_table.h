#ifndef FAULTLINE_FUNCTION_TABLE_H
#define FAULTLINE_FUNCTION_TABLE_H

#include "symbol_file.h"

struct function {
	uint64_t start, end;
	const char *name;
	uint8_t has_size;
	uint8_t binding; /* 0 local, 1 weak, 2 global */
};

/* False where there is no more room. */
bool function_table_add(struct function_table *table, struct function function);

/* Sorts them, chooses one of those that begin at the same place, and ends each where the next begins. */
void function_table_finish(struct function_table *table);

void function_table_free(struct function_table *table);

#endif
