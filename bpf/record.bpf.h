/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The one core that every entry point ends in: filter, fill, submit, count what found no room. */
#ifndef FAULTLINE_RECORD_BPF_H
#define FAULTLINE_RECORD_BPF_H

#include "current.bpf.h"
#include "filter.bpf.h"
#include "transport.bpf.h"

/* What an entry point knows of its fault. */
struct sighting {
	__u64 address;
	__u64 ip;
	__u64 error_code;
	__u32 error_kind; /* enum fault_error_kind */
	__u32 traits;
};

/* x86: bit 0 present, bit 1 write, bit 4 instruction fetch. */
static __always_inline __u32 x86_traits(__u32 mode, __u64 error_code)
{
	__u32 access = error_code & 0x10 ? FAULT_ACCESS_EXECUTE :
		       error_code & 0x02 ? FAULT_ACCESS_WRITE : FAULT_ACCESS_READ;
	__u32 present = error_code & 0x01 ? FAULT_PRESENT_YES : FAULT_PRESENT_NO;

	return mode << FAULT_MODE_SHIFT | access << FAULT_ACCESS_SHIFT | present << FAULT_PRESENT_SHIFT;
}

static __always_inline void count_lost(void)
{
	struct fault_counters *mine = cpu_counters();
	__u64 now = bpf_ktime_get_ns();

	if (!mine)
		return;
	if (now - mine->burst_last_ns > FAULT_LOSS_BURST_NS)
		mine->burst_first_ns = now;
	mine->burst_last_ns = now;
	mine->lost++;
}

static __always_inline int record(void *ctx, const struct sighting *seen)
{
	struct fault_filter *wanted = current_filter();
	__u64 id = current_pid_tgid();
	struct fault_record on_stack, *fault;

	if (!wanted || !passes(wanted, id >> 32, seen->address, seen->traits))
		return 0;
	fault = reserve(&on_stack);
	if (!fault) {
		count_lost();
		return 0;
	}
	fault->time_ns = bpf_ktime_get_ns();
	fault->address = seen->address;
	fault->ip = seen->ip;
	fault->error_code = seen->error_code;
	fault->pid = id >> 32;
	fault->tid = id;
	fault->uid = current_uid();
	fault->cpu = bpf_get_smp_processor_id();
	fault->error_kind = seen->error_kind;
	fault->traits = seen->traits;
	current_comm(fault->comm);
	if (submit(ctx, fault, wanted))
		count_lost();
	return 0;
}

#endif
