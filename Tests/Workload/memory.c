/* Phases on anonymous memory. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "workload.h"

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif

volatile char *map_at(uintptr_t base, size_t pages, int protection, int flags, int file, size_t offset)
{
	void *memory = mmap((void *)base, pages * page, protection, flags | MAP_FIXED, file, offset);

	if (memory == MAP_FAILED)
		fail("mmap");
	madvise(memory, pages * page, MADV_NOHUGEPAGE);
	return memory;
}

volatile char *fresh(uintptr_t base, size_t pages)
{
	return map_at(base, pages, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

void write_pages(long count)
{
	volatile char *memory = fresh(WRITE_BASE, count);

	for (long i = 0; i < count; i++)
		memory[i * page] = 1;
}

void read_pages(long count)
{
	volatile char *memory = fresh(READ_BASE, count);

	for (long i = 0; i < count; i++)
		(void)memory[i * page];
}

void fill_pages(long count)
{
	volatile char *memory = fresh(KERNEL_BASE, count);
	int zero = open("/dev/zero", O_RDONLY);

	for (long i = 0; i < count; i++)
		if (read(zero, (void *)(memory + i * page), 1) != 1)
			fail("/dev/zero");
	close(zero);
}

void copy_pages(long count)
{
	volatile char *memory = fresh(COW_BASE, count);

	for (long i = 0; i < count; i++)
		(void)memory[i * page];
	for (long i = 0; i < count; i++)
		memory[i * page] = 1;
}

void write_again(long count)
{
	const long batch = 64;
	volatile char *memory = fresh(AGAIN_BASE, batch);

	for (long i = 0; i < count; i++) {
		if (i && i % batch == 0)
			madvise((void *)memory, batch * page, MADV_DONTNEED);
		memory[i % batch * page] = 1;
	}
}

void share_pages(long count)
{
	volatile char *memory = map_at(SHARED_BASE, count, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	for (long i = 0; i < count; i++)
		memory[i * page] = 1;
}

/* A stack of our own: a mapping that grows downwards, so that it lies at a known address. Its first page is there already. */
void grow_stack(long count)
{
	struct rlimit limit = {(count + 16) * page, RLIM_INFINITY};
	volatile char *end;

	setrlimit(RLIMIT_STACK, &limit);
	end = map_at(STACK_BASE + count * page, 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_POPULATE, -1, 0);
	for (long i = 1; i <= count; i++)
		end[-i * (long)page] = 1;
}

/* Whether all pages are in swap: bit 62 of their entries in the page map. */
static int are_swapped(volatile char *memory, long count)
{
	int map = open("/proc/self/pagemap", O_RDONLY);
	long swapped = 0;
	uint64_t entry;

	if (map < 0)
		fail("/proc/self/pagemap");
	for (long i = 0; i < count; i++)
		if (pread(map, &entry, sizeof(entry), ((uintptr_t)memory / page + i) * sizeof(entry)) == sizeof(entry))
			swapped += entry >> 62 & 1;
	close(map);
	return swapped == count;
}

/*
 * Every fault's page waits for a while in a list of the processor's own, where it cannot be swapped. So it all happens on one
 * processor, whose list the kernel empties when it is asked to page out.
 */
void swap_pages(long count)
{
	volatile char *memory = fresh(SWAP_BASE, count);
	cpu_set_t before, one;

	sched_getaffinity(0, sizeof(before), &before);
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	sched_setaffinity(0, sizeof(one), &one);
	for (long i = 0; i < count; i++)
		*(volatile long *)(memory + i * page) = i + 1;
	for (int attempt = 0; !are_swapped(memory, count); attempt++) {
		errno = ENOMEM;
		if (attempt == 100 || (madvise((void *)memory, count * page, MADV_PAGEOUT) && errno != EAGAIN))
			fail("swapping out");
	}
	for (long i = 0; i < count; i++)
		if (*(volatile long *)(memory + i * page) != i + 1)
			fail("swapping in");
	sched_setaffinity(0, sizeof(before), &before);
}
