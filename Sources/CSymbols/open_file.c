#define _GNU_SOURCE
#include "open_file.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Looked at before it is opened: to open a pipe is to wait for someone, and to open a device may set it going. */
static int open_regular(const char *path)
{
	int handle = open(path, O_PATH | O_CLOEXEC), fd = -EINVAL;
	struct stat status;
	char again[32];

	if (handle < 0)
		return -errno;
	if (fstat(handle, &status) == 0 && S_ISREG(status.st_mode)) {
		snprintf(again, sizeof(again), "/proc/self/fd/%d", handle);
		fd = open(again, O_RDONLY | O_CLOEXEC);
		fd = fd < 0 ? -errno : fd;
	}
	close(handle);
	return fd;
}

/* As the process sees it: in its own mount namespace, below its own root. */
static int open_below_root(uint32_t pid, const char *file)
{
	char path[PATH_MAX];

	if (file[0] != '/' || snprintf(path, sizeof(path), "/proc/%u/root%s", pid, file) >= (int)sizeof(path))
		return -ENOENT;
	return open_regular(path);
}

/*
 * The file itself, whatever has become of its name: removed, replaced, or one that never had any (memfd). ESRCH where the process has
 * no memory any more: it is gone, or waits to be reaped.
 */
static int open_map_file(uint32_t pid, const char *file)
{
	char path[64], *line = NULL;
	int fd = -ESRCH, name = 0;
	unsigned long start, end;
	size_t capacity = 0;
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%u/maps", pid);
	maps = fopen(path, "re");
	if (!maps)
		return errno == ENOENT ? -ESRCH : -errno;
	while (getline(&line, &capacity, maps) > 0) {
		fd = -ENOENT;
		line[strcspn(line, "\n")] = 0;
		if (sscanf(line, "%lx-%lx %*s %*s %*s %*s %n", &start, &end, &name) != 2 || strcmp(line + name, file) != 0)
			continue;
		snprintf(path, sizeof(path), "/proc/%u/map_files/%lx-%lx", pid, start, end);
		fd = open_regular(path);
		break;
	}
	free(line);
	fclose(maps);
	return fd;
}

int open_mapped_file(uint32_t pid, const char *file)
{
	int fd = open_below_root(pid, file);

	if (fd < 0)
		fd = open_map_file(pid, file);
	return fd == -ESRCH ? open_regular(file) : fd;
}

int is_32_bit(uint32_t pid)
{
	char path[32];
	unsigned char identity[EI_NIDENT] = {0};
	int fd;

	snprintf(path, sizeof(path), "/proc/%u/exe", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	if (read(fd, identity, sizeof(identity)) != sizeof(identity))
		identity[EI_CLASS] = 0;
	close(fd);
	return identity[EI_CLASS] == ELFCLASS32;
}
