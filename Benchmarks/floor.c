// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Usage: floor OBJECT PROGRAM. Attaches one program of floor.bpf.c, says `ready`, and empties its ring until a signal comes. */
#include <bpf/libbpf.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

/* As the agent opens it: PAGE_FAULTS with period 1, and the address made ready for the program. */
static int open_page_faults(int cpu)
{
	struct perf_event_attr attributes = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attributes),
		.config = PERF_COUNT_SW_PAGE_FAULTS,
		.sample_period = 1,
		.sample_type = PERF_SAMPLE_ADDR,
		.disabled = 1,
	};

	return syscall(SYS_perf_event_open, &attributes, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);
}

static void attach_to_cpus(struct bpf_program *program)
{
	for (int cpu = 0; cpu < libbpf_num_possible_cpus(); cpu++) {
		int event = open_page_faults(cpu);

		if (event >= 0 && !bpf_program__attach_perf_event(program, event))
			fail("attach");
	}
}

static int forget(void *context, void *record, size_t size)
{
	(void)context, (void)record, (void)size;
	return 0;
}

/* As often as the agent drains its own. */
static void drain(struct bpf_object *object)
{
	struct ring_buffer *ring = ring_buffer__new(bpf_object__find_map_fd_by_name(object, "records"), forget, NULL, NULL);

	if (!ring)
		fail("ring");
	for (;;) {
		usleep(10000);
		ring_buffer__consume(ring);
	}
}

int main(int argc, char **argv)
{
	struct bpf_program *program;
	struct bpf_object *object;

	if (argc != 3)
		return 2;
	object = bpf_object__open_file(argv[1], NULL);
	program = object ? bpf_object__find_program_by_name(object, argv[2]) : NULL;
	if (!program || bpf_program__set_autoload(program, true) || bpf_object__load(object))
		fail("load");
	if (bpf_program__type(program) == BPF_PROG_TYPE_PERF_EVENT)
		attach_to_cpus(program);
	else if (!bpf_program__attach(program))
		fail("attach");
	puts("ready");
	fflush(stdout);
	drain(object);
}
