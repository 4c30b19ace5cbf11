/* Phases on memory of each kind, and processes of each fate. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "workload.h"

#define DISTANCE (16UL << 20)

static int make_named(char path[4096], const char *name)
{
	int file;

	snprintf(path, 4096, "%s/%s", folder_of_files(), name);
	file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);
	if (file < 0 || ftruncate(file, 3 * page))
		fail(path);
	return file;
}

void map_named_file(const char *name)
{
	static uintptr_t base = FILES_BASE;
	char path[4096];
	int file = make_named(path, name);
	volatile char *memory = map_at(base, 2, PROT_READ, MAP_PRIVATE, file, page);

	(void)*memory;
	base += DISTANCE;
	close(file);
	unlink(path);
}

static void *touch_own_stack(void *unused)
{
	volatile char local = 1;

	(void)unused;
	(void)local;
	return NULL;
}

static void touch_thread_stack(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, touch_own_stack, NULL) || pthread_join(thread, NULL))
		fail("a thread");
}

static void touch_stack(void)
{
	volatile char deep[64 << 10];

	deep[0] = 1;
	(void)deep[0];
}

static void touch_vdso(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
}

static void touch_heap(void)
{
	volatile char *memory = sbrk(4 * page);

	memory[2 * page] = 1;
}

/* The name is given in between, as libc does it; a kernel without such names refuses. */
static void touch_named(uintptr_t base)
{
	volatile char *memory = fresh(base, 2);

	prctl(0x53564d41 /* PR_SET_VMA */, 0 /* PR_SET_VMA_ANON_NAME */, memory, 2 * page, "dalvik-main space");
	*memory = 1;
}

/* Phones' kernels have none. */
static void touch_system_v(uintptr_t base)
{
	int memory = shmget(IPC_PRIVATE, 2 * page, IPC_CREAT | 0600);

	if (memory < 0 && errno == ENOSYS)
		return;
	if (memory < 0)
		fail("System V's memory");
	*(volatile char *)shmat(memory, (void *)base, 0) = 1;
	shmctl(memory, IPC_RMID, NULL);
}

void touch_kinds(long unused)
{
	char path[4096];
	int deleted = make_named(path, "gone"), memfd = syscall(SYS_memfd_create, "scratch", 0);

	(void)unused;
	unlink(path);
	(void)*map_at(KINDS_BASE, 2, PROT_READ, MAP_PRIVATE, deleted, 0);
	if (memfd < 0 || ftruncate(memfd, 2 * page))
		fail("memfd");
	*map_at(KINDS_BASE + DISTANCE, 2, PROT_READ | PROT_WRITE, MAP_SHARED, memfd, 0) = 1;
	touch_system_v(KINDS_BASE + 2 * DISTANCE);
	touch_named(KINDS_BASE + 3 * DISTANCE);
	touch_heap();
	touch_stack();
	touch_thread_stack();
	touch_vdso();
}

void replace_mapping(long count)
{
	char path[4096], name[32];

	for (long i = 0; i < count; i++) {
		int file;

		snprintf(name, sizeof(name), "replaced.%ld", i);
		file = make_named(path, name);
		(void)*map_at(REPLACED_BASE, 1, PROT_READ, MAP_PRIVATE, file, 0);
		close(file);
		unlink(path);
	}
}

void map_many(long count)
{
	for (long i = 0; i < count; i++)
		*map_at(MANY_BASE + 2 * i * page, 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) = 1;
}

void spawn_children(long count)
{
	char *arguments[] = {"spawned", "write", "1", NULL};
	int status;
	pid_t pid;

	for (long i = 0; i < count; i++)
		if (posix_spawn(&pid, "/proc/self/exe", NULL, NULL, arguments, environ) || waitpid(pid, &status, 0) != pid || status)
			fail("a child");
}

/* The copy removes itself: its first phase is "remove". */
void become_program(const char *name, char **arguments)
{
	char path[4096];
	int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC), to = make_named(path, name);
	char *vector[64] = {path, "remove", path};
	struct stat file;

	if (from < 0 || fstat(from, &file) || ftruncate(to, 0) || sendfile(to, from, NULL, file.st_size) != file.st_size)
		fail(path);
	close(to);
	for (int i = 0; arguments[i] && i < 60; i++)
		vector[3 + i] = arguments[i];
	execv(path, vector);
	fail(path);
}
