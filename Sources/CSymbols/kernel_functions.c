#define _GNU_SOURCE
#include "elf_functions.h"
#include "function_table.h"
#include "kernel_functions.h"

#include <link.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

/* Of what /proc/kallsyms holds; a kernel of today has 15 MB. */
#define TEXT_LIMIT (64u << 20)

/* No function is longer: behind the kernel's last one, and each module's, much else may follow before the next. */
#define FUNCTION_SIZE_LIMIT (1u << 20)

static size_t read_all(const char *path, char *bytes, size_t capacity)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t size = 0;
	ssize_t got;

	if (fd < 0)
		return 0;
	while (size < capacity && (got = read(fd, bytes + size, capacity - size)) > 0)
		size += (size_t)got;
	close(fd);
	return size;
}

/* "ffffffff81000000 T _text", and "\t[module]" behind it; nm(1) has the letters. Returns where the name begins. */
static char *parse_line(char *line, uint64_t *address)
{
	char *next;

	*address = strtoull(line, &next, 16);
	if (next == line || next[0] != ' ' || !next[1] || next[2] != ' ')
		return NULL;
	return strchr("tTwW", next[1]) ? next + 3 : NULL;
}

/* Names move to the front of the text, so that what is behind them can be given back. Returns how much they take. */
static size_t add_lines(struct symbol_file *file, char *text, bool *has_addresses)
{
	char *kept = text, *line = text, *end, *name;
	uint64_t address;

	for (; (end = strchr(line, '\n')); line = end + 1) {
		size_t length;

		*end = 0;
		name = parse_line(line, &address);
		if (!name)
			continue;
		length = strcspn(name, "\t");
		*has_addresses |= address != 0;
		memmove(kept, name, length);
		kept[length] = 0;
		if (!function_table_add(&file->functions, (struct function){
				.start = address, .end = address + FUNCTION_SIZE_LIMIT, .name = kept, .binding = 2}))
			break;
		kept += length + 1;
	}
	return (size_t)(kept - text);
}

static void *give_back(char *text, size_t used)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), kept = (used + page) / page * page;

	munmap(text + kept, TEXT_LIMIT - kept);
	return text;
}

void kernel_functions(struct symbol_file *file, const char *path)
{
	char *text = mmap(NULL, TEXT_LIMIT, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bool has_addresses = false;

	if (text != MAP_FAILED && read_all(path, text, TEXT_LIMIT - 1) > 0)
		file->mapped_size = add_lines(file, text, &has_addresses);
	if (text != MAP_FAILED)
		file->mapped = give_back(text, file->mapped_size);
	function_table_finish(&file->functions);
	if (has_addresses)
		return;
	snprintf(file->problem, sizeof(file->problem), "%s", file->functions.count
		? "the kernel hides its addresses (kernel.kptr_restrict)" : "there is no /proc/kallsyms");
	function_table_free(&file->functions);
}

/* ---- [vdso] ---- */

/* As far as its headers say that it reaches. */
static size_t image_size(const uint8_t *image)
{
	ElfW(Ehdr) header;

	memcpy(&header, image, sizeof(header));
	return header.e_shoff + (size_t)header.e_shnum * header.e_shentsize;
}

void vdso_functions(struct symbol_file *file)
{
	const uint8_t *image = (const uint8_t *)getauxval(AT_SYSINFO_EHDR);

	if (image)
		elf_functions(file, image, image_size(image));
	else
		snprintf(file->problem, sizeof(file->problem), "the kernel has none");
}
