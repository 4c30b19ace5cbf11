/*
 * Maps a library of functions.c and prints, for each of its functions, "exported" or "own", the offset in the file, and the name;
 * then "." and waits for the end of its standard input. The offsets come from /proc/self/maps.
 *
 *   mapper LIBRARY [remove]     remove: deletes the library's file once it is mapped
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct known {
	const char *name;
	void *address;
	int is_exported;
};

static unsigned long offset_in_file(const void *pointer)
{
	unsigned long start, end, offset, address = (uintptr_t)pointer, found = 0;
	char line[4096];
	FILE *maps = fopen("/proc/self/maps", "r");

	while (maps && fgets(line, sizeof(line), maps))
		if (sscanf(line, "%lx-%lx %*s %lx", &start, &end, &offset) == 3 && start <= address && address < end)
			found = address - start + offset;
	if (maps)
		fclose(maps);
	return found;
}

int main(int argc, char **argv)
{
	void *library = argc > 1 ? dlopen(argv[1], RTLD_NOW) : NULL;
	const struct known *known = library ? dlsym(library, "known_functions") : NULL;

	if (!known) {
		fprintf(stderr, "mapper: %s\n", dlerror());
		return 1;
	}
	if (argc > 2 && strcmp(argv[2], "remove") == 0)
		unlink(argv[1]);
	for (; known->name; known++)
		printf("%s %lu %s\n", known->is_exported ? "exported" : "own", offset_in_file(known->address), known->name);
	printf(".\n");
	fflush(stdout);
	while (getchar() != EOF)
		;
	return 0;
}
