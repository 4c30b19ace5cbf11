// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Usage: ftrace TRACEFS. The kernel's own way out: the two exceptions events in an instance of their own, whose raw pages
 * (trace_pipe_raw) go to standard output, one reader for each CPU. At SIGINT says `READ events, LOST lost, BYTES bytes`.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_CPUS 64
#define PAGE 4096
#define BUFFER_KIB "2048" /* for each CPU */

static char instance[256];
static volatile sig_atomic_t is_over;
static unsigned long long bytes_of[MAX_CPUS];

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

__attribute__((format(printf, 1, 2))) static const char *place(const char *format, ...)
{
	static _Thread_local char path[512];
	va_list arguments;
	int length = snprintf(path, sizeof(path), "%s/", instance);

	va_start(arguments, format);
	vsnprintf(path + length, sizeof(path) - length, format, arguments);
	va_end(arguments);
	return path;
}

static void put(const char *path, const char *text)
{
	int file = open(path, O_WRONLY | O_TRUNC);

	if (file < 0 || write(file, text, strlen(text)) < 0)
		fail(path);
	close(file);
}

static void *read_cpu(void *argument)
{
	long cpu = (long)argument;
	int file = open(place("per_cpu/cpu%ld/trace_pipe_raw", cpu), O_RDONLY | O_NONBLOCK);
	char page[PAGE];

	if (file < 0)
		fail("trace_pipe_raw");
	for (;;) {
		ssize_t length = read(file, page, sizeof(page));

		if (length > 0) {
			bytes_of[cpu] += length;
			if (write(STDOUT_FILENO, page, length) < 0)
				fail("write");
		} else if (is_over) {
			break;
		} else {
			usleep(1000);
		}
	}
	close(file); /* an instance that is in use cannot be removed */
	return NULL;
}

static unsigned long long counted(long cpu, const char *name)
{
	FILE *file = fopen(place("per_cpu/cpu%ld/stats", cpu), "r");
	unsigned long long value = 0;
	char line[128];

	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, name, strlen(name)))
			value = strtoull(line + strlen(name), NULL, 10);
	if (file)
		fclose(file);
	return value;
}

static void end(int signal)
{
	(void)signal;
	is_over = 1;
}

int main(int argc, char **argv)
{
	unsigned long long events = 0, lost = 0, bytes = 0;
	long cpus = sysconf(_SC_NPROCESSORS_CONF);
	pthread_t readers[MAX_CPUS];

	if (argc != 2 || cpus > MAX_CPUS)
		return 2;
	snprintf(instance, sizeof(instance), "%s/instances/faultline-bench-%d", argv[1], getpid());
	if (mkdir(instance, 0700))
		fail(instance);
	signal(SIGINT, end);
	put(place("buffer_size_kb"), BUFFER_KIB);
	put(place("events/exceptions/enable"), "1");
	for (long cpu = 0; cpu < cpus; cpu++)
		pthread_create(&readers[cpu], NULL, read_cpu, (void *)cpu);
	while (!is_over)
		usleep(10000);
	put(place("events/exceptions/enable"), "0");
	for (long cpu = 0; cpu < cpus; cpu++) {
		pthread_join(readers[cpu], NULL);
		events += counted(cpu, "read events: ");
		lost += counted(cpu, "overrun: ") + counted(cpu, "dropped events: ");
		bytes += bytes_of[cpu];
	}
	if (rmdir(instance))
		fail(instance);
	fprintf(stderr, "%llu events, %llu lost, %llu bytes\n", events, lost, bytes);
	return 0;
}
