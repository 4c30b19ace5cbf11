/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The way out: a record or a count. What finds no room is counted, too. */
#ifndef FAULTLINE_DELIVER_BPF_H
#define FAULTLINE_DELIVER_BPF_H

#include "filter.bpf.h"
#include "sighting.bpf.h"
#include "stacks.bpf.h"
#include "tally.bpf.h"
#include "transport.bpf.h"

static __always_inline void fill(struct fault_record *record, const struct sighting *seen, __u64 id)
{
	record->time_ns = bpf_ktime_get_ns();
	record->latency_ns = 0;
	record->address = seen->address;
	record->ip = seen->ip;
	record->error_code = seen->error_code;
	record->pid = id >> 32;
	record->tid = id;
	record->uid = current_uid();
	record->cpu = bpf_get_smp_processor_id();
	record->error_kind = seen->error_kind;
	record->traits = seen->traits;
	current_comm(record->comm);
	record->user_stack = FAULT_STACK_NONE;
	record->kernel_stack = FAULT_STACK_NONE;
}

/* A fault of which no more will be known. */
static __always_inline int deliver(void *ctx, const struct sighting *seen, __u64 id, const struct fault_filter *filter)
{
	struct fault_record on_stack, *record;

	if (!end_passes(filter, seen->traits, 0))
		return 0;
	if (SETTLED(filter, flow) & FAULT_FLOW_TALLY)
		return count(filter, id, seen->traits, 0);
	record = reserve(&on_stack);
	if (!record) {
		count_lost();
		return 0;
	}
	fill(record, seen, id);
	take_stacks(ctx, record, filter);
	if (submit(ctx, record, filter))
		count_lost();
	return 0;
}

/* The same for a record that has waited in a map. */
static __always_inline int deliver_copy(void *ctx, struct fault_record *record, const struct fault_filter *filter)
{
	if (!end_passes(filter, record->traits, record->latency_ns))
		return 0;
	if (SETTLED(filter, flow) & FAULT_FLOW_TALLY)
		return count(filter, current_pid_tgid(), record->traits, record->latency_ns);
	if (submit_copy(ctx, record, filter))
		count_lost();
	return 0;
}

#endif
