/*
 * Loads a library of deep.c and has it touch ten fresh pages, the first of which is at 0x3d00000000.
 *
 *   deeper LIBRARY
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGES 10

int main(int argc, char **argv)
{
	void *library = argc > 1 ? dlopen(argv[1], RTLD_NOW) : NULL;
	void (*touch)(volatile char *) = library ? (void (*)(volatile char *))dlsym(library, "deep_first") : NULL;
	long page = sysconf(_SC_PAGESIZE);
	char *memory = mmap((void *)0x3d00000000, PAGES * page, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	if (!touch || memory == MAP_FAILED) {
		fprintf(stderr, "deeper: %s\n", touch ? "no memory" : dlerror());
		return 1;
	}
	madvise(memory, PAGES * page, MADV_NOHUGEPAGE);
	for (int i = 0; i < PAGES; i++)
		touch(memory + i * page);
	return 0;
}
