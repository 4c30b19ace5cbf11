/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Which faults are wanted. Cheap tests come first; a test that nobody asked for is one bit looked at. Loops are
 * unrolled: kernels before 5.3 take none.
 */
#ifndef FAULTLINE_FILTER_BPF_H
#define FAULTLINE_FILTER_BPF_H

#include "current.bpf.h"
#include "maps.bpf.h"

#define TRAIT(traits, shift) (((traits) >> (shift)) & 3)

/* What a mask says of a trait that is not known, as an argument of traits_pass: bit 0 stands for it in every mask. */
#define UNKNOWN_AS_ASKED 0 /* passes only where every value does */
#define UNKNOWN_PASSES 1   /* for a fault that has yet to tell more */

static __always_inline int traits_pass(const struct fault_filter *filter, __u32 traits, __u32 unknown)
{
	return ((SETTLED(filter, modes) | unknown) >> TRAIT(traits, FAULT_MODE_SHIFT)) &
	       ((SETTLED(filter, accesses) | unknown) >> TRAIT(traits, FAULT_ACCESS_SHIFT)) &
	       ((SETTLED(filter, presents) | unknown) >> TRAIT(traits, FAULT_PRESENT_SHIFT)) &
	       ((SETTLED(filter, outcomes) | unknown) >> TRAIT(traits, FAULT_OUTCOME_SHIFT)) & 1;
}

/* An unmarked id passes unless some ids were selected; an excluded one never does. */
static __always_inline int marks_pass(const __u32 *marks, int selective)
{
	if (!marks)
		return !selective;
	if (*marks & FAULT_EXCLUDE)
		return 0;
	return !selective || (*marks & FAULT_SELECT);
}

static __always_inline int process_passes(__u32 tests, __u32 pid)
{
	return marks_pass(bpf_map_lookup_elem(&processes, &pid), tests & FAULT_FILTER_SELECT_PROCESSES);
}

static __always_inline int thread_passes(__u32 tid)
{
	return bpf_map_lookup_elem(&threads, &tid) != 0;
}

static __always_inline int user_passes(__u32 tests)
{
	__u32 uid = current_uid();

	return marks_pass(bpf_map_lookup_elem(&users, &uid), tests & FAULT_FILTER_SELECT_USERS);
}

static __always_inline int comm_passes(const struct fault_filter *filter)
{
	__u8 comm[FAULT_COMM_LENGTH] __attribute__((aligned(8))) = {};
	__u64 states = SETTLED(filter, comm_start);

	current_comm(comm);
#pragma unroll
	for (int i = 0; i < FAULT_COMM_LENGTH; i++) {
		if (comm[i] == 0)
			break;
		states = ((states & filter->comm_advance[comm[i]]) << 1) | (states & SETTLED(filter, comm_loop));
	}
	if (states & SETTLED(filter, comm_exclude))
		return 0;
	return !SETTLED(filter, comm_include) || (states & SETTLED(filter, comm_include));
}

static __always_inline int sample_passes(const struct fault_filter *filter)
{
	struct fault_counters *mine;

	if (!(SETTLED(filter, tests) & FAULT_FILTER_SAMPLE))
		return 1;
	mine = cpu_counters();
	return mine && SETTLED(filter, sample_every) && mine->sampled++ % SETTLED(filter, sample_every) == 0;
}

static __always_inline int rate_passes(const struct fault_filter *filter)
{
	struct fault_counters *mine;
	__u64 now;

	if (!(SETTLED(filter, tests) & FAULT_FILTER_RATE))
		return 1;
	mine = cpu_counters();
	if (!mine)
		return 0;
	now = bpf_ktime_get_ns();
	if (now - mine->window_ns >= FAULT_RATE_WINDOW_NS) {
		mine->window_ns = now;
		mine->window_passed = 0;
	}
	if (mine->window_passed >= SETTLED(filter, rate_limit)) {
		mine->held_back++;
		return 0;
	}
	mine->window_passed++;
	return 1;
}

static __always_inline int is_own(const struct fault_filter *filter, __u32 pid)
{
	return pid == SETTLED(filter, excluded_pids[0]) || pid == SETTLED(filter, excluded_pids[1]) || pid == SETTLED(filter, excluded_pids[2]);
}

/* What is known when a fault begins. One that does not pass leaves no trace anywhere. */
static __always_inline int begin_passes(const struct fault_filter *filter, __u64 id, __u64 address, __u32 traits)
{
	__u32 tests = SETTLED(filter, tests), pid = id >> 32;

	if (!traits_pass(filter, traits, UNKNOWN_PASSES))
		return 0;
	if (is_own(filter, pid))
		return 0;
	if ((tests & FAULT_FILTER_ADDRESS) && (address < SETTLED(filter, address_low) || address >= SETTLED(filter, address_high)))
		return 0;
	if ((tests & FAULT_FILTER_THREADS) && !thread_passes(id))
		return 0;
	if ((tests & FAULT_FILTER_PROCESSES) && !process_passes(tests, pid))
		return 0;
	if ((tests & FAULT_FILTER_USERS) && !user_passes(tests))
		return 0;
	return !(tests & FAULT_FILTER_COMM) || comm_passes(filter);
}

/* What is known when no more will be. The tests that count come last, so that they count what has passed all others. */
static __always_inline int end_passes(const struct fault_filter *filter, __u32 traits, __u64 latency_ns)
{
	return traits_pass(filter, traits, UNKNOWN_AS_ASKED) && latency_ns >= SETTLED(filter, minimum_latency_ns) &&
	       sample_passes(filter) && rate_passes(filter);
}

/* Whether a fault must have been followed to its end to pass. */
static __always_inline int asks_for_end(const struct fault_filter *filter)
{
	return SETTLED(filter, minimum_latency_ns) || !(SETTLED(filter, outcomes) & UNKNOWN_PASSES);
}

#endif
