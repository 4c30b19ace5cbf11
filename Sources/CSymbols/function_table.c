#define _GNU_SOURCE
#include "function_table.h"

#include <stdlib.h>
#include <string.h>

/* 64 MB, and as much again while they are sorted. */
#define FUNCTION_LIMIT (2u << 20)

bool function_table_add(struct function_table *table, struct function function)
{
	size_t capacity = table->capacity ? table->capacity * 2 : 1024;
	struct function *list = table->list;

	if (table->count >= FUNCTION_LIMIT)
		return false;
	if (table->count == table->capacity) {
		list = realloc(list, capacity * sizeof(*list));
		if (!list)
			return false;
		table->list = list;
		table->capacity = capacity;
	}
	list[table->count++] = function;
	return true;
}

/* ---- one name of several ---- */

static size_t underscores(const char *name) { return strspn(name, "_"); }

/* Negative where the left one says more: malloc rather than __libc_malloc, and what is meant to be called by others. */
static int compare_names(const struct function *left, const struct function *right)
{
	size_t left_length, right_length;

	if (left->has_size != right->has_size)
		return right->has_size - left->has_size;
	if (left->binding != right->binding)
		return right->binding - left->binding;
	if (underscores(left->name) != underscores(right->name))
		return underscores(left->name) < underscores(right->name) ? -1 : 1;
	left_length = strlen(left->name);
	right_length = strlen(right->name);
	if (left_length != right_length)
		return left_length < right_length ? -1 : 1;
	return strcmp(left->name, right->name);
}

static int compare(const void *left_pointer, const void *right_pointer)
{
	const struct function *left = left_pointer, *right = right_pointer;

	if (left->start != right->start)
		return left->start < right->start ? -1 : 1;
	return compare_names(left, right);
}

static void keep_first_of_each_start(struct function_table *table)
{
	size_t kept = 0;

	for (size_t i = 0; i < table->count; i++)
		if (i == 0 || table->list[i].start != table->list[kept - 1].start)
			table->list[kept++] = table->list[i];
	table->count = kept;
}

void function_table_finish(struct function_table *table)
{
	if (table->count)
		qsort(table->list, table->count, sizeof(*table->list), compare);
	keep_first_of_each_start(table);
	for (size_t i = 0; i + 1 < table->count; i++)
		if (table->list[i].end > table->list[i + 1].start)
			table->list[i].end = table->list[i + 1].start;
}

void function_table_free(struct function_table *table)
{
	free(table->list);
	*table = (struct function_table){0};
}

/* ---- finding ---- */

/* How many functions begin at a place or before it. */
static size_t count_until(const struct function_table *table, uint64_t place)
{
	size_t low = 0, high = table->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (table->list[middle].start <= place)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct symbol_range symbol_file_find(const struct symbol_file *file, uint64_t place)
{
	const struct function_table *table = &file->functions;
	size_t next = count_until(table, place);
	struct symbol_range range = {file->start, file->end, "", 0};

	if (next > 0) {
		const struct function *function = &table->list[next - 1];

		if (place < function->end)
			return (struct symbol_range){
				function->start, function->end, function->name,
				strnlen(function->name, SYMBOL_NAME_LIMIT)};
		range.start = function->end;
	}
	if (next < table->count)
		range.end = table->list[next].start;
	return range;
}
