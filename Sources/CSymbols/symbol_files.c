#define _GNU_SOURCE
#include "elf_functions.h"
#include "function_table.h"
#include "kernel_functions.h"
#include "open_file.h"
#include "zip_entry.h"

#include <errno.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Files whose functions are kept; those not asked for the longest give way. */
#define FILE_LIMIT 16

/* With more functions than these in all of them, 64 MB, none is kept when the next file comes. */
#define KEPT_FUNCTIONS (2u << 20)

static struct symbol_file files[FILE_LIMIT];
static uint64_t questions;

/* ---- what is kept ---- */

static void forget(struct symbol_file *file)
{
	function_table_free(&file->functions);
	for (int i = 0; i < 2; i++)
		if (file->readers[i])
			elf_end(file->readers[i]);
	free(file->unpacked);
	if (file->mapped)
		munmap(file->mapped, file->mapped_size);
	*file = (struct symbol_file){0};
}

/* An empty entry, or the one that was not asked for the longest. */
static struct symbol_file *oldest(void)
{
	struct symbol_file *oldest = &files[0];

	for (int i = 1; i < FILE_LIMIT; i++)
		if (files[i].used < oldest->used)
			oldest = &files[i];
	return oldest;
}

static size_t kept_functions(void)
{
	size_t count = 0;

	for (int i = 0; i < FILE_LIMIT; i++)
		count += files[i].functions.count;
	return count;
}

static void forget_all(void)
{
	for (int i = 0; i < FILE_LIMIT; i++)
		forget(&files[i]);
}

static struct symbol_file *find(const uint64_t identity[4], uint64_t place)
{
	for (int i = 0; i < FILE_LIMIT; i++)
		if (files[i].used && memcmp(files[i].identity, identity, sizeof(files[i].identity)) == 0 &&
		    symbol_file_contains(&files[i], place)) {
			files[i].used = ++questions;
			return &files[i];
		}
	return NULL;
}

/* An entry that stands for every place, as long as nobody says otherwise. */
static struct symbol_file *add(const uint64_t identity[4])
{
	struct symbol_file *file = oldest();

	forget(file);
	if (kept_functions() > KEPT_FUNCTIONS)
		forget_all();
	memcpy(file->identity, identity, sizeof(file->identity));
	file->end = UINT64_MAX;
	file->used = ++questions;
	return file;
}

/* ---- files ---- */

/* What is wrong with this place alone; nothing of it is kept. */
static const struct symbol_file *refused(uint64_t place, const char *problem)
{
	static struct symbol_file file;

	file = (struct symbol_file){.start = place, .end = place + 1};
	snprintf(file.problem, sizeof(file.problem), "%s", problem);
	return &file;
}

static const struct symbol_file *not_opened(uint64_t place, int error)
{
	char problem[64];

	if (error == ESTALE)
		return refused(place, "another file has its name by now");
	snprintf(problem, sizeof(problem), "it cannot be opened (%s)", strerrorname_np(error));
	return refused(place, problem);
}

static const struct symbol_file *read_mapped(const uint64_t identity[4], uint8_t *bytes, size_t size, uint64_t place)
{
	uint64_t start = 0, end = UINT64_MAX;
	struct symbol_file *file;

	if (zip_is(bytes, size) && !zip_entry_at(bytes, size, place, &start, &end)) {
		munmap(bytes, size);
		return refused(place, "nothing is stored there unpacked");
	}
	file = add(identity);
	file->mapped = bytes;
	file->mapped_size = size;
	file->start = start;
	file->end = end;
	elf_functions(file, bytes + start, (end < size ? end : size) - start);
	return file;
}

static const struct symbol_file *read_open(int fd, uint64_t place)
{
	struct stat status;
	struct symbol_file *known;
	void *bytes;

	if (fstat(fd, &status) < 0 || status.st_size == 0)
		return refused(place, "it is empty");

	const uint64_t identity[4] = {
		status.st_dev, status.st_ino, (uint64_t)status.st_size,
		(uint64_t)status.st_mtim.tv_sec * 1000000000 + (uint64_t)status.st_mtim.tv_nsec,
	};

	known = find(identity, place);
	if (known)
		return known;
	bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		return refused(place, "it cannot be mapped");
	return read_mapped(identity, bytes, (size_t)status.st_size, place);
}

/* ---- what is no file ---- */

static const struct symbol_file *kernel(uint64_t place)
{
	const uint64_t identity[4] = {0, 1};
	struct symbol_file *file = find(identity, place);

	if (file)
		return file;
	file = add(identity);
	kernel_functions(file, "/proc/kallsyms");
	return file;
}

static const struct symbol_file *vdso(uint32_t pid, uint64_t place)
{
	const uint64_t identity[4] = {0, 2};
	struct symbol_file *file = find(identity, place);

	if (is_32_bit(pid))
		return refused(place, "that of 32-bit processes is not read");
	if (file)
		return file;
	file = add(identity);
	vdso_functions(file);
	return file;
}

const struct symbol_file *symbol_file_at(struct mapped_file mapped, uint64_t place)
{
	const struct symbol_file *file;
	int fd;

	if (place == UINT64_MAX)
		return refused(place - 1, "nothing reaches that far");
	if (strcmp(mapped.name, "[kernel]") == 0)
		return kernel(place);
	if (strcmp(mapped.name, "[vdso]") == 0)
		return vdso(mapped.pid, place);
	fd = open_mapped_file(&mapped);
	if (fd < 0)
		return not_opened(place, -fd);
	file = read_open(fd, place);
	close(fd);
	return file;
}

const char *symbol_file_problem(const struct symbol_file *file) { return file->problem; }
const char *symbol_file_build_id(const struct symbol_file *file) { return file->build_id; }

bool symbol_file_contains(const struct symbol_file *file, uint64_t place)
{
	return file->start <= place && place < file->end;
}
