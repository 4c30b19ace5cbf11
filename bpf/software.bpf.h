/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Programs on perf's software events, one event per CPU with period 1. PAGE_FAULTS fires when a fault begins, for those
 * that end in a signal too; _MIN and _MAJ fire once when one has been completed (mm_account_fault in mm/memory.c since 5.9,
 * each architecture's fault handler before).
 */
#ifndef FAULTLINE_SOFTWARE_BPF_H
#define FAULTLINE_SOFTWARE_BPF_H

#include "contexts.bpf.h"
#include "record.bpf.h"

SEC("?perf_event")
int page_fault_event(struct perf_context *ctx)
{
	__u32 mode = REGISTERS_ARE_USER(&ctx->registers) ? FAULT_MODE_USER : FAULT_MODE_KERNEL;
	struct sighting seen = {
		.address = without_tag(ctx->address),
		.ip = REGISTERS_IP(&ctx->registers),
		.traits = mode << FAULT_MODE_SHIFT,
	};

	return record(ctx, &seen);
}

/*
 * The instruction tells a fault that failed unseen from one nearby that the filter left out: its end is not the other's.
 */
static __always_inline int complete(struct perf_context *ctx, __u32 outcome)
{
	struct fault_pending *mine = pending_at(ctx->address);

	if (!mine || mine->record.ip != REGISTERS_IP(&ctx->registers))
		return 0;
	set_outcome(mine, outcome);
	return end(ctx, mine);
}

SEC("?perf_event")
int minor_fault_event(struct perf_context *ctx)
{
	return complete(ctx, FAULT_OUTCOME_MINOR);
}

SEC("?perf_event")
int major_fault_event(struct perf_context *ctx)
{
	return complete(ctx, FAULT_OUTCOME_MAJOR);
}

#endif
