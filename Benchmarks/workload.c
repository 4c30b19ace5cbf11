// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Makes page faults and says what each took. One process serves a whole benchmark, so that all variants meet the same
 * memory: a line `THREADS MILLISECONDS` on standard input is answered by `FAULTS WALL CPU QUIET`, the last three
 * being one thread's nanoseconds for one fault.
 *
 * Each thread touches every page of a mapping of its own for the first time, gives the pages back, and does so again.
 * Only the touching is timed. WALL and CPU are means over these passes; QUIET is their lower decile in CPU time,
 * which leaves out what other processes and a hypervisor did to the rest.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define MAX_THREADS 16
#define MAX_PASSES 100000 /* whose time is kept, of one thread; a pass takes a quarter of a millisecond or so */
#define REGION_BYTES (1u << 20)

struct toucher {
	pthread_t thread;
	uint64_t until_ns;
	uint64_t wall_ns;
	uint64_t cpu_ns;
	uint64_t passes;
	float pass_ns[MAX_PASSES]; /* CPU time for one fault */
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

/* One thread */

static unsigned pages(void)
{
	return REGION_BYTES / sysconf(_SC_PAGESIZE);
}

static void touch(volatile char *region)
{
	size_t page = sysconf(_SC_PAGESIZE);

	for (size_t at = 0; at < REGION_BYTES; at += page)
		region[at] = 1;
}

static void pass(struct toucher *self, char *region)
{
	uint64_t wall = now_ns(CLOCK_MONOTONIC), cpu = now_ns(CLOCK_THREAD_CPUTIME_ID);

	touch(region);
	cpu = now_ns(CLOCK_THREAD_CPUTIME_ID) - cpu;
	self->wall_ns += now_ns(CLOCK_MONOTONIC) - wall;
	self->cpu_ns += cpu;
	if (self->passes < MAX_PASSES)
		self->pass_ns[self->passes] = (float)cpu / pages();
	self->passes++;
}

static void *run(void *argument)
{
	struct toucher *self = argument;
	char *region = mmap(NULL, REGION_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (region == MAP_FAILED)
		fail("mmap");
	madvise(region, REGION_BYTES, MADV_NOHUGEPAGE); /* one fault a page */
	while (now_ns(CLOCK_MONOTONIC) < self->until_ns) {
		pass(self, region);
		madvise(region, REGION_BYTES, MADV_DONTNEED);
	}
	munmap(region, REGION_BYTES);
	return NULL;
}

/* One request */

static void run_all(struct toucher *touchers, unsigned threads, unsigned milliseconds)
{
	uint64_t until = now_ns(CLOCK_MONOTONIC) + milliseconds * 1000000ull;

	for (unsigned i = 0; i < threads; i++) {
		touchers[i] = (struct toucher){.until_ns = until};
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

static uint64_t faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt + usage.ru_majflt;
}

static void answer(unsigned threads, unsigned milliseconds)
{
	static struct toucher touchers[MAX_THREADS];
	uint64_t touched = 0, wall = 0, cpu = 0, before = faults();

	run_all(touchers, threads, milliseconds);
	for (unsigned i = 0; i < threads; i++) {
		touched += touchers[i].passes * pages();
		wall += touchers[i].wall_ns;
		cpu += touchers[i].cpu_ns;
	}
	printf("%llu %.2f %.2f ", (unsigned long long)(faults() - before), (double)wall / touched, (double)cpu / touched);
	printf("%.2f\n", lower_decile(touchers, threads));
	fflush(stdout);
}

int main(void)
{
	unsigned threads, milliseconds;

	while (scanf("%u %u", &threads, &milliseconds) == 2)
		answer(threads < 1 ? 1 : threads > MAX_THREADS ? MAX_THREADS : threads, milliseconds);
	return 0;
}
