// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Makes page faults, and writes how many into a file: `MINOR+MAJOR EXECS`, by getrusage(2), of itself and of its children.
 *
 *   counted FILE touch N       first writes to N pages
 *   counted FILE flood MS T    T threads that do nothing but fault, for MS milliseconds
 *   counted FILE storm N       N children that fork a child each, of which every eighth runs this program again; all end at once
 *
 * It tells its count twice, because the first time may fault behind the count, where fork(2) has made pages read-only; then it ends without the
 * C library's leave-taking. A program that is run has a page fetched for its arguments, which is counted and is no fault (docs/architecture.md):
 * hence EXECS.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGES 1024
#define AT_ONCE 16
#define MAX_THREADS 16

static const char *self, *file;
static long execs = 1; /* this one */

static void fail(const char *what)
{
	fprintf(stderr, "counted: %s: %s\n", what, strerror(errno));
	_exit(1);
}

static long faults_of(int who)
{
	struct rusage usage;

	getrusage(who, &usage);
	return usage.ru_minflt + usage.ru_majflt;
}

static void tell(int fd)
{
	char text[64];
	int length = snprintf(text, sizeof(text), "%ld %ld\n", faults_of(RUSAGE_SELF) + faults_of(RUSAGE_CHILDREN), execs);

	if (pwrite(fd, text, length, 0) != length)
		fail(file);
}

static char *fresh(size_t pages)
{
	char *memory = mmap(NULL, pages * getpagesize(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		fail("mmap");
	madvise(memory, pages * getpagesize(), MADV_NOHUGEPAGE);
	return memory;
}

static void touch(char *memory, size_t pages)
{
	for (size_t i = 0; i < pages; i++)
		((volatile char *)memory)[i * getpagesize()] = 1;
}

/* Here and there, so that an address takes as many bytes on the wire as it can. */
static void touch_scattered(char *memory)
{
	for (size_t i = 0; i < PAGES; i++)
		((volatile char *)memory)[i * 389 % PAGES * getpagesize()] = 1;
}

/* ---- flood ---- */

static uint64_t end_ns;

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void *fault_on(void *unused)
{
	char *memory = fresh(PAGES);

	while (now_ns() < end_ns) {
		touch_scattered(memory);
		madvise(memory, PAGES * getpagesize(), MADV_DONTNEED);
	}
	return unused;
}

static void flood(long ms, long count)
{
	pthread_t threads[MAX_THREADS];

	end_ns = now_ns() + ms * 1000000;
	for (long i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, fault_on, NULL))
			fail("pthread_create");
	for (long i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
}

/* ---- storm ---- */

static void be_grandchild(long number)
{
	touch(fresh(7), 7);
	if (number % 8 == 0)
		execl(self, self, "-", "touch", "3", NULL);
	_exit(number % 8 == 0);
}

static void be_child(long number)
{
	int status;
	pid_t child = fork();

	if (child == 0)
		be_grandchild(number);
	touch(fresh(3), 3);
	_exit(child < 0 || waitpid(child, &status, 0) != child || status != 0);
}

static void reap(void)
{
	int status;

	if (wait(&status) < 0 || status != 0)
		fail("a child of the storm");
}

static void storm(long count)
{
	long running = 0;

	for (long i = 0; i < count; i++, running++) {
		if (running == AT_ONCE) {
			reap();
			running--;
		}
		pid_t child = fork();
		if (child < 0)
			fail("fork");
		if (child == 0)
			be_child(i);
		execs += i % 8 == 0;
	}
	while (running-- > 0)
		reap();
}

int main(int count, char **arguments)
{
	int fd;

	if (count < 4)
		return 2;
	self = arguments[0];
	file = arguments[1];
	fd = open(strcmp(file, "-") ? file : "/dev/null", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0)
		fail(file);
	tell(fd);
	if (!strcmp(arguments[2], "touch"))
		touch(fresh(atol(arguments[3])), atol(arguments[3]));
	else if (!strcmp(arguments[2], "flood") && count > 4 && atol(arguments[4]) <= MAX_THREADS)
		flood(atol(arguments[3]), atol(arguments[4]));
	else if (!strcmp(arguments[2], "storm"))
		storm(atol(arguments[3]));
	else
		return 2;
	tell(fd);
	tell(fd);
	_exit(0);
}
