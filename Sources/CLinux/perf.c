#define _GNU_SOURCE
#include "linux_shims.h"
#include "or_errno.h"

#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

int linux_open_software_event(uint64_t event, int cpu)
{
	struct perf_event_attr attributes = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attributes),
		.config = event,
		.sample_period = 1,
		.sample_type = PERF_SAMPLE_ADDR, /* has the kernel hand the address to the program */
		.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED,
		.disabled = 1,
	};

	return OR_ERRNO((int)syscall(SYS_perf_event_open, &attributes, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC));
}

uint64_t linux_event_enabled_ns(int event)
{
	uint64_t count_and_time[2];

	return read(event, count_and_time, sizeof(count_and_time)) == sizeof(count_and_time) ? count_and_time[1] : 0;
}

const struct perf_event_attr *linux_bpf_output_attributes(uint32_t watermark)
{
	static struct perf_event_attr attributes;

	attributes = (struct perf_event_attr){
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attributes),
		.config = PERF_COUNT_SW_BPF_OUTPUT,
		.sample_period = 1,
		.sample_type = PERF_SAMPLE_RAW,
		.watermark = 1,
		.wakeup_watermark = watermark,
	};
	return &attributes;
}
