#define _GNU_SOURCE
#include "linux_shims.h"
#include "or_errno.h"

#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

_Static_assert(__builtin_offsetof(struct perf_event_mmap_page, data_head) == LINUX_RING_HEAD, "ABI");
_Static_assert(__builtin_offsetof(struct perf_event_mmap_page, data_tail) == LINUX_RING_TAIL, "ABI");

/* Records say when in CLOCK_MONOTONIC, as bpf_ktime_get_ns does, also those that are no samples (4.1+). */
static int open_event(uint64_t config, uint64_t sample_type, struct linux_stacks stacks, int cpu, uint64_t watermark)
{
	int is_dummy = config == PERF_COUNT_SW_DUMMY;
	int has_stacks = stacks.user || stacks.kernel;
	struct perf_event_attr attributes = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attributes),
		.config = config,
		.sample_period = is_dummy ? 0 : 1,
		.sample_type = sample_type | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | (has_stacks ? PERF_SAMPLE_CALLCHAIN : 0),
		.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED,
		.disabled = 1,
		.sample_id_all = 1,
		.exclude_callchain_user = has_stacks && !stacks.user,
		.exclude_callchain_kernel = has_stacks && !stacks.kernel,
		.sample_max_stack = has_stacks ? stacks.depth : 0,
		.task = is_dummy,
		.comm = is_dummy,
		.comm_exec = is_dummy,
		.watermark = 1,
		.wakeup_watermark = (uint32_t)watermark,
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
	};

	return OR_ERRNO((int)syscall(SYS_perf_event_open, &attributes, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC));
}

/* Mappings of data as well as of code, programs that begin, processes that come and go. */
static int open_memory(int cpu, uint64_t watermark)
{
	struct perf_event_attr attributes = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attributes),
		.config = PERF_COUNT_SW_DUMMY,
		.sample_type = PERF_SAMPLE_TID | PERF_SAMPLE_TIME,
		.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED,
		.disabled = 1,
		.sample_id_all = 1,
		.mmap = 1,
		.mmap2 = 1,
		.mmap_data = 1,
		.task = 1,
		.comm = 1,
		.comm_exec = 1,
		.watermark = 1,
		.wakeup_watermark = (uint32_t)watermark,
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
	};

	return OR_ERRNO((int)syscall(SYS_perf_event_open, &attributes, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC));
}

/* PAGE_FAULTS_MAJ samples carry the CPU as well, and by that word alone are they longer than those of PAGE_FAULTS_MIN. */
int linux_ring_open(struct linux_ring *ring, enum linux_ring_kind kind, struct linux_stacks stacks, int cpu, uint64_t bytes)
{
	const struct linux_stacks none = {};
	uint64_t half = bytes / 2;

	*ring = (struct linux_ring){.event = -1, .second = -1, .bytes = bytes};
	switch (kind) {
	case LINUX_RING_TASKS:
		ring->event = open_event(PERF_COUNT_SW_DUMMY, 0, none, cpu, half);
		break;
	case LINUX_RING_MEMORY:
		ring->event = open_memory(cpu, half);
		break;
	case LINUX_RING_OUTCOMES:
		ring->event = open_event(PERF_COUNT_SW_PAGE_FAULTS_MIN, PERF_SAMPLE_ADDR, none, cpu, half);
		ring->second =
			open_event(PERF_COUNT_SW_PAGE_FAULTS_MAJ, PERF_SAMPLE_ADDR | PERF_SAMPLE_CPU, none, cpu, half);
		if (ring->second < 0)
			return ring->second;
		break;
	case LINUX_RING_FAULTS:
		ring->event = open_event(PERF_COUNT_SW_PAGE_FAULTS, PERF_SAMPLE_IP | PERF_SAMPLE_ADDR, stacks, cpu, half);
		break;
	}
	return ring->event < 0 ? ring->event : 0;
}

int linux_ring_map(struct linux_ring *ring)
{
	size_t page = sysconf(_SC_PAGESIZE);
	void *pages = mmap(NULL, page + ring->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, ring->event, 0);

	if (pages == MAP_FAILED)
		return -errno;
	ring->pages = pages;
	ring->data = (char *)pages + page;
	return ring->second < 0 ? 0 : OR_ERRNO(ioctl(ring->second, PERF_EVENT_IOC_SET_OUTPUT, ring->event));
}

void linux_ring_switch(const struct linux_ring *ring, bool on)
{
	unsigned long request = on ? PERF_EVENT_IOC_ENABLE : PERF_EVENT_IOC_DISABLE;

	ioctl(ring->event, request, 0);
	if (ring->second >= 0)
		ioctl(ring->second, request, 0);
}

int linux_ring_count(const struct linux_ring *ring, struct linux_ring_count *count)
{
	return read(ring->event, count, sizeof(*count)) == sizeof(*count) ? 0 : -EIO;
}

void linux_ring_close(struct linux_ring *ring)
{
	if (ring->pages)
		munmap(ring->pages, sysconf(_SC_PAGESIZE) + ring->bytes);
	if (ring->second >= 0)
		close(ring->second);
	if (ring->event >= 0)
		close(ring->event);
	*ring = (struct linux_ring){.event = -1, .second = -1};
}
