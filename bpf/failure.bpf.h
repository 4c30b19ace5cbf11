/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The ends that nobody completes: a signal to the thread, or its exit. Raw tracepoints (4.17), because they need neither
 * tracefs nor perf events.
 */
#ifndef FAULTLINE_FAILURE_BPF_H
#define FAULTLINE_FAILURE_BPF_H

#include "pending.bpf.h"

#define SIGNAL_BUS 7
#define SIGNAL_SEGV 11

/*
 * TP_PROTO(int sig, ...): include/trace/events/signal.h. The kernel raises a fault's signal within the fault, and only for one
 * in user mode: a pending one in kernel mode has failed before, and this is a signal that the thread sends to somebody.
 */
SEC("?raw_tp/signal_generate")
int signal_generate_raw(struct bpf_raw_tracepoint_args *ctx)
{
	__s32 signal = ctx->args[0];
	struct fault_pending *mine;

	if (signal != SIGNAL_SEGV && signal != SIGNAL_BUS)
		return 0;
	mine = pending_of((__u32)current_pid_tgid());
	if (!mine || !mine->active || TRAIT(mine->record.traits, FAULT_MODE_SHIFT) != FAULT_MODE_USER)
		return 0;
	set_outcome(mine, FAULT_OUTCOME_FAILED);
	return end(ctx, mine);
}

SEC("?raw_tp/sched_process_exit")
int process_exit_raw(struct bpf_raw_tracepoint_args *ctx)
{
	__u32 tid = current_pid_tgid();
	struct fault_pending *mine = pending_of(tid);

	if (!mine)
		return 0;
	if (mine->active)
		end_unseen(ctx, mine);
	bpf_map_delete_elem(&pending, &tid);
	return 0;
}

#endif
