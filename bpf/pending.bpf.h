/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Faults that are followed to their end. The base program makes a fault pending under its thread's id; others add what
 * they know; the one that sees the end hands it on with outcome and latency. Only the thread itself touches its entry, so
 * that nothing is locked. The kernel tries a major fault twice, and both tries belong to the one pending fault.
 */
#ifndef FAULTLINE_PENDING_BPF_H
#define FAULTLINE_PENDING_BPF_H

#include "deliver.bpf.h"

static __always_inline struct fault_pending *pending_of(__u32 tid)
{
	return bpf_map_lookup_elem(&pending, &tid);
}

/* The thread's entry, made at its first fault; null when there is no room for another thread. */
static __always_inline struct fault_pending *make_pending(__u32 tid)
{
	struct fault_pending *mine = pending_of(tid);
	struct fault_pending empty = {};

	if (mine)
		return mine;
	bpf_map_update_elem(&pending, &tid, &empty, BPF_NOEXIST);
	return pending_of(tid);
}

/* The fault that this thread is in, if it is at this address: some kernels cut the address to its page, of 64 KiB at most. */
static __always_inline struct fault_pending *pending_at(__u64 address)
{
	struct fault_pending *mine = pending_of((__u32)current_pid_tgid());

	return mine && mine->active && !((mine->record.address ^ without_tag(address)) >> 16) ? mine : 0;
}

static __always_inline void set_outcome(struct fault_pending *mine, __u32 outcome)
{
	mine->record.traits = (mine->record.traits & ~(3 << FAULT_OUTCOME_SHIFT)) | outcome << FAULT_OUTCOME_SHIFT;
}

/* The fault is over. */
static __always_inline int end(void *ctx, struct fault_pending *mine)
{
	struct fault_filter *wanted = current_filter();
	__u64 latency = bpf_ktime_get_ns() - mine->record.time_ns;

	mine->active = 0;
	if (!wanted)
		return 0;
	/* A clock that ticks slowly may show no time at all, which the record reads as unknown. */
	mine->record.latency_ns = latency ? latency : 1;
	return deliver_copy(ctx, &mine->record, wanted);
}

/* It is over, and nobody saw it succeed. When that was is not known, so that it has no latency. */
static __always_inline int end_unseen(void *ctx, struct fault_pending *mine)
{
	struct fault_filter *wanted = current_filter();

	mine->active = 0;
	set_outcome(mine, FAULT_OUTCOME_FAILED);
	return wanted ? deliver_copy(ctx, &mine->record, wanted) : 0;
}

/*
 * A fault within a fault: the kernel looks at user memory with page faults disabled, as perf does for a user stack, and
 * finds a page missing. Such an access only ever fails. If signals end what fails in user mode, a user-mode fault that is
 * still pending shows that this is the case.
 */
static __always_inline int is_nested(const struct fault_pending *mine, const struct sighting *seen, const struct fault_filter *wanted)
{
	return (SETTLED(wanted, flow) & FAULT_FLOW_SIGNALS) && TRAIT(mine->record.traits, FAULT_MODE_SHIFT) == FAULT_MODE_USER &&
	       TRAIT(seen->traits, FAULT_MODE_SHIFT) == FAULT_MODE_KERNEL;
}

/* No room to follow it: it has no outcome, and is lost to whoever asks for one. */
static __always_inline int give_up(void *ctx, const struct sighting *seen, __u64 id, const struct fault_filter *wanted)
{
	if (!asks_for_end(wanted))
		return deliver(ctx, seen, id, wanted);
	count_lost();
	return 0;
}

static __always_inline int begin(void *ctx, struct sighting *seen, __u64 id, const struct fault_filter *wanted)
{
	struct fault_pending *mine;

	mine = make_pending(id);
	if (!mine)
		return give_up(ctx, seen, id, wanted);
	if (mine->active && is_nested(mine, seen, wanted)) {
		seen->traits |= FAULT_OUTCOME_FAILED << FAULT_OUTCOME_SHIFT;
		return deliver(ctx, seen, id, wanted);
	}
	if (mine->active)
		end_unseen(ctx, mine);
	fill(&mine->record, seen, id);
	/* Not active yet: what fails while the stack is looked at must not end it. */
	take_stacks(ctx, &mine->record, wanted);
	mine->active = 1;
	return 0;
}

#endif
