#define _GNU_SOURCE
#include "open_file.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
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
static int open_below_root(const struct mapped_file *mapped)
{
	char path[PATH_MAX];

	if (mapped->name[0] != '/' ||
	    snprintf(path, sizeof(path), "/proc/%u/root%s", mapped->pid, mapped->name) >= (int)sizeof(path))
		return -ENOENT;
	return open_regular(path);
}

static int is_the_one(const struct mapped_file *mapped, uint64_t major, uint64_t minor, uint64_t inode)
{
	return mapped->inode == inode && mapped->device == (major << 32 | minor);
}

/* A line of maps, without its end: whether it has the file, by its identity where that is known. */
static int names_it(const char *line, const struct mapped_file *mapped, unsigned long *start, unsigned long *end)
{
	unsigned int major, minor;
	unsigned long inode;
	int name = 0;

	if (sscanf(line, "%lx-%lx %*s %*s %x:%x %lu %n", start, end, &major, &minor, &inode, &name) != 5)
		return 0;
	return mapped->inode ? is_the_one(mapped, major, minor, inode) : strcmp(line + name, mapped->name) == 0;
}

/*
 * The file itself, whatever has become of its name: removed, replaced, or one that never had any (memfd). ESRCH where the process has
 * no memory any more: it is gone, or waits to be reaped.
 */
static int open_map_file(const struct mapped_file *mapped)
{
	char path[64], *line = NULL;
	int fd = -ESRCH;
	unsigned long start, end;
	size_t capacity = 0;
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%u/maps", mapped->pid);
	maps = fopen(path, "re");
	if (!maps)
		return errno == ENOENT ? -ESRCH : -errno;
	while (getline(&line, &capacity, maps) > 0) {
		fd = -ENOENT;
		line[strcspn(line, "\n")] = 0;
		if (!names_it(line, mapped, &start, &end))
			continue;
		snprintf(path, sizeof(path), "/proc/%u/map_files/%lx-%lx", mapped->pid, start, end);
		fd = open_regular(path);
		break;
	}
	free(line);
	fclose(maps);
	return fd;
}

static int is_same(int fd, const struct mapped_file *mapped)
{
	struct stat status;

	return mapped->inode == 0 || (fstat(fd, &status) == 0 &&
				      is_the_one(mapped, major(status.st_dev), minor(status.st_dev), status.st_ino));
}

/*
 * Nothing speaks against it: btrfs tells stat(2) of another device than maps has, and overlayfs of another number too
 * (Documentation/filesystems/overlayfs.rst, "Inode properties").
 */
static int may_be_same(int fd, const struct mapped_file *mapped)
{
	struct stat status;
	struct statfs system;

	return (fstat(fd, &status) == 0 && status.st_ino == mapped->inode) ||
	       (fstatfs(fd, &system) == 0 && system.f_type == OVERLAYFS_SUPER_MAGIC);
}

int open_mapped_file(const struct mapped_file *mapped)
{
	int named = open_below_root(mapped), itself;

	if (named >= 0 && is_same(named, mapped))
		return named;
	itself = open_map_file(mapped);
	if (itself == -ESRCH && named < 0)
		named = open_regular(mapped->name);
	if (itself >= 0 || named < 0) {
		if (named >= 0)
			close(named);
		return itself == -ESRCH ? named : itself;
	}
	if (is_same(named, mapped) || may_be_same(named, mapped))
		return named;
	close(named);
	return -ESTALE;
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
