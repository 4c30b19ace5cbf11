// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Usage: workload FOLDER. Makes page faults and says what each took. One process serves a whole benchmark, so that all variants meet
 * the same memory: a line `KIND THREADS MILLISECONDS` on standard input is answered by `FAULTS WALL CPU QUIET`, the last three
 * being one thread's nanoseconds for one fault. FOLDER, on a disk, is where its files are.
 *
 * Each thread makes its faults in passes, and only the faults are timed, not what lies between them. WALL and CPU are means over
 * the passes; QUIET is their lower decile in CPU time, which leaves out what other processes and a hypervisor did to the rest.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_THREADS 16
#define MAX_PASSES 100000 /* whose time is kept, of one thread; a pass takes a quarter of a millisecond or so */
#define MAX_TOUCHES 256   /* in a pass */
#define AROUND 65536      /* what the kernel maps of a cached file at one fault: fault_around_bytes */

static const char *folder, *self_path;

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static uint64_t now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static uint64_t faults(int whose)
{
	struct rusage usage;

	getrusage(whose, &usage);
	return usage.ru_minflt + usage.ru_majflt;
}

/* ---- the kinds of faults ---- */

struct kind {
	const char *name;
	unsigned touches; /* in a pass; 0: as many as its child has */
	unsigned stride;  /* bytes from one to the next; 0: a page */
	int is_written;
	int protection, flags;
	void (*ready)(volatile char *, size_t, int file);
};

static size_t stride(const struct kind *kind)
{
	return kind->stride ? kind->stride : (size_t)sysconf(_SC_PAGESIZE);
}

/* Written afterwards, each page is copied. */
static void read_all(volatile char *region, size_t size, int file)
{
	(void)file;
	for (size_t at = 0; at < size; at += sysconf(_SC_PAGESIZE))
		(void)region[at];
}

/* Read afterwards, each page comes from the disk, alone. */
static void make_cold(volatile char *region, size_t size, int file)
{
	madvise((void *)region, size, MADV_RANDOM);
	if (posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED))
		fail("posix_fadvise");
}

static const struct kind kinds[] = {
	{"anonymous", MAX_TOUCHES, 0, 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, NULL},
	{"copy", MAX_TOUCHES, 0, 1, PROT_READ | PROT_WRITE, MAP_PRIVATE, read_all},
	{"file", MAX_TOUCHES, AROUND, 0, PROT_READ, MAP_SHARED, NULL},
	{"cold", 64, 0, 0, PROT_READ, MAP_SHARED, make_cold},
	{"storm", 0, 0, 0, 0, 0, NULL},
};

/* ---- a thread ---- */

struct toucher {
	pthread_t thread;
	const struct kind *kind;
	uint64_t until_ns;
	uint64_t wall_ns;
	uint64_t cpu_ns;
	uint64_t touched;
	uint64_t passes;
	float pass_ns[MAX_PASSES]; /* CPU time for one fault */
};

static void note(struct toucher *self, uint64_t wall_ns, uint64_t cpu_ns, uint64_t touches)
{
	self->wall_ns += wall_ns;
	self->cpu_ns += cpu_ns;
	self->touched += touches;
	if (self->passes < MAX_PASSES)
		self->pass_ns[self->passes] = (float)cpu_ns / touches;
	self->passes++;
}

static void touch(const struct kind *kind, volatile char *region)
{
	size_t step = stride(kind), end = step * kind->touches;

	for (size_t at = 0; at < end; at += step) {
		if (kind->is_written)
			region[at] = 1;
		else
			(void)region[at];
	}
}

static void pass(struct toucher *self, volatile char *region, int file)
{
	size_t size = stride(self->kind) * self->kind->touches;
	uint64_t wall, cpu;

	if (self->kind->ready)
		self->kind->ready(region, size, file);
	wall = now_ns(CLOCK_MONOTONIC);
	cpu = now_ns(CLOCK_THREAD_CPUTIME_ID);
	touch(self->kind, region);
	cpu = now_ns(CLOCK_THREAD_CPUTIME_ID) - cpu;
	note(self, now_ns(CLOCK_MONOTONIC) - wall, cpu, self->kind->touches);
	madvise((void *)region, size, MADV_DONTNEED);
}

/* A file of its own, whose pages hold something. */
static int scratch_file(size_t size)
{
	static const char block[AROUND] = {1};
	int file = open(folder, O_TMPFILE | O_RDWR, 0600);

	if (file < 0)
		fail(folder);
	for (size_t at = 0; at < size; at += sizeof(block))
		if (write(file, block, sizeof(block)) != sizeof(block))
			fail("write");
	if (fsync(file))
		fail("fsync");
	return file;
}

static void touch_for_a_while(struct toucher *self)
{
	size_t size = stride(self->kind) * self->kind->touches;
	int file = self->kind->flags & MAP_ANONYMOUS ? -1 : scratch_file(size);
	char *region = mmap(NULL, size, self->kind->protection, self->kind->flags, file, 0);

	if (region == MAP_FAILED)
		fail("mmap");
	madvise(region, size, MADV_NOHUGEPAGE); /* one fault a page */
	while (now_ns(CLOCK_MONOTONIC) < self->until_ns)
		pass(self, region, file);
	munmap(region, size);
	if (file >= 0)
		close(file);
}

/* One that starts a program again and again, and waits for it. */
static void spawn_for_a_while(struct toucher *self)
{
	char *words[] = {(char *)self_path, NULL};

	while (now_ns(CLOCK_MONOTONIC) < self->until_ns) {
		uint64_t wall = now_ns(CLOCK_MONOTONIC);
		struct rusage usage;
		pid_t child;
		int status;

		if (posix_spawn(&child, self_path, NULL, NULL, words, NULL) || wait4(child, &status, 0, &usage) != child)
			fail("posix_spawn");
		wall = now_ns(CLOCK_MONOTONIC) - wall;
		note(self, wall,
		     (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000ull +
			     (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000ull,
		     usage.ru_minflt + usage.ru_majflt);
	}
}

static void *run(void *argument)
{
	struct toucher *self = argument;

	if (self->kind->touches)
		touch_for_a_while(self);
	else
		spawn_for_a_while(self);
	return NULL;
}

/* ---- a request ---- */

static void run_all(struct toucher *touchers, const struct kind *kind, unsigned threads, unsigned milliseconds)
{
	uint64_t until = now_ns(CLOCK_MONOTONIC) + milliseconds * 1000000ull;

	for (unsigned i = 0; i < threads; i++) {
		touchers[i] = (struct toucher){.kind = kind, .until_ns = until};
		if (pthread_create(&touchers[i].thread, NULL, run, &touchers[i]))
			fail("pthread_create");
	}
	for (unsigned i = 0; i < threads; i++)
		pthread_join(touchers[i].thread, NULL);
}

static int by_value(const void *left, const void *right)
{
	float l = *(const float *)left, r = *(const float *)right;

	return l < r ? -1 : l > r;
}

static float lower_decile(const struct toucher *touchers, unsigned threads)
{
	static float all[MAX_THREADS * MAX_PASSES];
	size_t count = 0;

	for (unsigned i = 0; i < threads; i++) {
		size_t kept = touchers[i].passes < MAX_PASSES ? touchers[i].passes : MAX_PASSES;

		memcpy(all + count, touchers[i].pass_ns, kept * sizeof(*all));
		count += kept;
	}
	qsort(all, count, sizeof(*all), by_value);
	return all[count / 10];
}

static void answer(const struct kind *kind, unsigned threads, unsigned milliseconds)
{
	static struct toucher touchers[MAX_THREADS];
	uint64_t touched = 0, wall = 0, cpu = 0, before = faults(RUSAGE_SELF) + faults(RUSAGE_CHILDREN);

	run_all(touchers, kind, threads, milliseconds);
	for (unsigned i = 0; i < threads; i++) {
		touched += touchers[i].touched;
		wall += touchers[i].wall_ns;
		cpu += touchers[i].cpu_ns;
	}
	printf("%llu ", (unsigned long long)(faults(RUSAGE_SELF) + faults(RUSAGE_CHILDREN) - before));
	printf("%.2f %.2f %.2f\n", (double)wall / touched, (double)cpu / touched, lower_decile(touchers, threads));
	fflush(stdout);
}

static const struct kind *kind_named(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	fprintf(stderr, "workload: there is no kind '%s'\n", name);
	exit(2);
}

int main(int argc, char **argv)
{
	unsigned threads, milliseconds;
	char name[32];

	if (argc < 2)
		return 0; /* what `storm` starts */
	self_path = argv[0];
	folder = argv[1];
	while (scanf("%31s %u %u", name, &threads, &milliseconds) == 3)
		answer(kind_named(name), threads < 1 ? 1 : threads > MAX_THREADS ? MAX_THREADS : threads, milliseconds);
	return 0;
}
