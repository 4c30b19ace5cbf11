/* Phases on pages of files. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "workload.h"

/* A function that returns at once. */
#if defined(__x86_64__)
static const unsigned char code[] = {0xc3};
#elif defined(__aarch64__)
static const unsigned char code[] = {0xc0, 0x03, 0x5f, 0xd6};
#endif

static const char *folder = "/tmp";

void make_files_in(const char *path)
{
	folder = path;
}

const char *folder_of_files(void)
{
	return folder;
}

/*
 * A file without a name, of so many pages, each of which begins with the function. It is in memory, and on the disk too: write-back
 * locks a page, and the kernel calls a fault major that had to wait for that (mm_account_fault() of mm/memory.c, FAULT_FLAG_TRIED).
 */
static int make_file(long count)
{
	char name[4096];
	char *content = calloc(1, page);
	int file;

	snprintf(name, sizeof(name), "%s/faults.XXXXXX", folder);
	file = mkstemp(name);
	if (file < 0 || unlink(name) || !content)
		fail(folder);
	memcpy(content, code, sizeof(code));
	for (long i = 0; i < count; i++)
		if (write(file, content, page) != (ssize_t)page)
			fail(folder);
	free(content);
	if (fsync(file))
		fail(folder);
	return file;
}

/*
 * Maps a file page by page, with gaps between: one fault maps the pages around it too, as far as they are in memory, but never
 * beyond its mapping.
 */
static volatile char *map_scattered(uintptr_t base, long count, int protection, int file)
{
	for (long i = 0; i < count; i++)
		map_at(base + 2 * i * page, 1, protection, MAP_PRIVATE, file, i * page);
	return (volatile char *)base;
}

void execute_pages(long count)
{
	int file = make_file(count);
	volatile char *memory = map_scattered(EXEC_BASE, count, PROT_READ | PROT_EXEC, file);

	for (long i = 0; i < count; i++)
		((void (*)(void))(memory + 2 * i * page))();
	close(file);
}

void map_warm_file(long count)
{
	int file = make_file(count);
	volatile char *memory = map_scattered(WARM_BASE, count, PROT_READ, file);

	for (long i = 0; i < count; i++)
		(void)memory[2 * i * page];
	close(file);
}

static void forget(int file, volatile char *memory, long count)
{
	unsigned char *present = malloc(count);

	for (int attempt = 0; attempt < 100; attempt++) {
		if (fsync(file) || posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED))
			fail("dropping a file from memory");
		if (mincore((void *)memory, count * page, present))
			fail("mincore");
		if (!memchr(present, 1, count)) {
			free(present);
			return;
		}
		usleep(10000);
	}
	errno = EBUSY;
	fail("dropping a file from memory");
}

void map_cold_file(long count)
{
	int file = make_file(count);
	volatile char *memory = map_at(COLD_BASE, count, PROT_READ, MAP_PRIVATE, file, 0);

	/* No pages are read ahead. */
	madvise((void *)memory, count * page, MADV_RANDOM);
	forget(file, memory, count);
	for (long i = 0; i < count; i++)
		(void)memory[i * page];
	close(file);
}
