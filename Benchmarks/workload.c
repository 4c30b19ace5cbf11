// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Makes page faults and says what each took. One process serves a whole benchmark, so that all variants meet the same
 * memory: a line `THREADS MILLISECONDS` on standard input is answered by `FAULTS WALL_NS CPU_NS`, the times being one
 * thread's for one fault.
 *
 * Each thread touches every page of a mapping of its own for the first time, gives the pages back, and does so again.
 * Only the touching is timed: giving back faults on nothing.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define MAX_THREADS 16
#define REGION_BYTES (4u << 20)

struct toucher {
	pthread_t thread;
	uint64_t until_ns;
	uint64_t pages;
	uint64_t wall_ns;
	uint64_t cpu_ns;
};

static uint64_t now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static uint64_t touch(volatile char *region)
{
	size_t page = sysconf(_SC_PAGESIZE);

	for (size_t at = 0; at < REGION_BYTES; at += page)
		region[at] = 1;
	return REGION_BYTES / page;
}

static void touch_timed(struct toucher *self, char *region)
{
	uint64_t wall = now_ns(CLOCK_MONOTONIC), cpu = now_ns(CLOCK_THREAD_CPUTIME_ID);

	self->pages += touch(region);
	self->cpu_ns += now_ns(CLOCK_THREAD_CPUTIME_ID) - cpu;
	self->wall_ns += now_ns(CLOCK_MONOTONIC) - wall;
}

static void *run(void *argument)
{
	struct toucher *self = argument;
	char *region = mmap(NULL, REGION_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (region == MAP_FAILED)
		fail("mmap");
	madvise(region, REGION_BYTES, MADV_NOHUGEPAGE); /* one fault a page */
	while (now_ns(CLOCK_MONOTONIC) < self->until_ns) {
		touch_timed(self, region);
		madvise(region, REGION_BYTES, MADV_DONTNEED);
	}
	munmap(region, REGION_BYTES);
	return NULL;
}

static uint64_t faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt + usage.ru_majflt;
}

static void answer(unsigned threads, unsigned milliseconds)
{
	struct toucher touchers[MAX_THREADS] = {0};
	uint64_t pages = 0, wall = 0, cpu = 0, before = faults();
	uint64_t until = now_ns(CLOCK_MONOTONIC) + milliseconds * 1000000ull;

	for (unsigned i = 0; i < threads; i++) {
		touchers[i].until_ns = until;
		if (pthread_create(&touchers[i].thread, NULL, run, &touchers[i]))
			fail("pthread_create");
	}
	for (unsigned i = 0; i < threads; i++) {
		pthread_join(touchers[i].thread, NULL);
		pages += touchers[i].pages;
		wall += touchers[i].wall_ns;
		cpu += touchers[i].cpu_ns;
	}
	printf("%llu %.2f %.2f\n", (unsigned long long)(faults() - before), (double)wall / pages, (double)cpu / pages);
	fflush(stdout);
}

int main(void)
{
	unsigned threads, milliseconds;

	while (scanf("%u %u", &threads, &milliseconds) == 2)
		answer(threads < 1 ? 1 : threads > MAX_THREADS ? MAX_THREADS : threads, milliseconds);
	return 0;
}
