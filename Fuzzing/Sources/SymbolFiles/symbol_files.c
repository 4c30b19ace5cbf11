/*
 * A program's, a library's or an archive's file, or /proc/kallsyms, read in this process as the agent's helper reads it. Where that has
 * the file mapped, here it lies in memory of exactly its size.
 */
#define _GNU_SOURCE
#include "../../../Sources/CSymbols/elf_functions.h"
#include "../../../Sources/CSymbols/function_table.h"
#include "../../../Sources/CSymbols/kernel_functions.h"
#include "../../../Sources/CSymbols/zip_entry.h"

#include <ctype.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PLACES 64

static void check(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "this does not hold: %s\n", what);
	abort();
}

/* Each answer is for the place that was asked for, and its name can be read. */
static void look_up(const struct symbol_file *file, uint64_t place)
{
	struct symbol_range range = symbol_file_find(file, place);
	volatile char last = 0;

	/* symbol_file_at refuses it. */
	if (place == UINT64_MAX)
		return;
	check(range.start <= place && place < range.end, "an answer is about the place");
	for (size_t i = 0; i < range.length; i++)
		last = range.name[i];
	(void)last;
}

static void look_up_all(const struct symbol_file *file, size_t size)
{
	for (size_t i = 0; i < file->functions.count && i < PLACES; i++)
		look_up(file, file->functions.list[i].start);
	for (uint64_t i = 0; i < PLACES; i++)
		look_up(file, file->start + size * i / PLACES);
}

static void forget(struct symbol_file *file)
{
	function_table_free(&file->functions);
	for (int i = 0; i < 2; i++)
		if (file->readers[i])
			elf_end(file->readers[i]);
	free(file->unpacked);
}

static void read_image(const uint8_t *bytes, size_t size, uint64_t start, uint64_t end)
{
	struct symbol_file file = {.start = start, .end = end};

	elf_functions(&file, bytes + start, (end < size ? end : size) - start);
	look_up_all(&file, (end < size ? end : size) - start);
	forget(&file);
}

/* Of an archive, each file that a few places lead to. */
static void read_archive(const uint8_t *bytes, size_t size)
{
	uint64_t start, end;

	for (uint64_t place = 0; place < size; place += size / 8 + 1)
		if (zip_entry_at(bytes, size, place, &start, &end)) {
			check(start <= place && place < end && end <= size, "a stored file lies in its archive");
			read_image(bytes, size, start, end);
		}
}

static void read_symbol_list(const uint8_t *bytes, size_t size)
{
	struct symbol_file file = {.end = UINT64_MAX};
	int fd = memfd_create("kallsyms", MFD_CLOEXEC);
	char path[32];

	check(fd >= 0 && write(fd, bytes, size) == (ssize_t)size, "there is a file in memory");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	kernel_functions(&file, path);
	close(fd);
	for (size_t i = 0; i < file.functions.count && i < PLACES; i++)
		look_up(&file, file.functions.list[i].start);
	function_table_free(&file.functions);
	/* A page is kept even of an empty list. */
	munmap(file.mapped, file.mapped_size + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *bytes = size ? malloc(size) : NULL;

	if (!bytes)
		return 0;
	memcpy(bytes, data, size);
	if (zip_is(bytes, size))
		read_archive(bytes, size);
	else if (isxdigit(bytes[0]))
		read_symbol_list(bytes, size);
	else
		read_image(bytes, size, 0, UINT64_MAX);
	free(bytes);
	return 0;
}
