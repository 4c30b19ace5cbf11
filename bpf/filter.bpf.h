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
	return ((filter->modes | unknown) >> TRAIT(traits, FAULT_MODE_SHIFT)) &
	       ((filter->accesses | unknown) >> TRAIT(traits, FAULT_ACCESS_SHIFT)) &
	       ((filter->presents | unknown) >> TRAIT(traits, FAULT_PRESENT_SHIFT)) &
	       ((filter->outcomes | unknown) >> TRAIT(traits, FAULT_OUTCOME_SHIFT)) & 1;
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

static __always_inline int user_passes(__u32 tests)
{
	__u32 uid = current_uid();

	return marks_pass(bpf_map_lookup_elem(&users, &uid), tests & FAULT_FILTER_SELECT_USERS);
}

static __always_inline int comm_passes(const struct fault_filter *filter)
{
	__u8 comm[FAULT_COMM_LENGTH] __attribute__((aligned(8))) = {};
	__u64 states = filter->comm_start;

	current_comm(comm);
#pragma unroll
	for (int i = 0; i < FAULT_COMM_LENGTH; i++) {
		if (comm[i] == 0)
			break;
		states = ((states & filter->comm_advance[comm[i]]) << 1) | (states & filter->comm_loop);
	}
	if (states & filter->comm_exclude)
		return 0;
	return !filter->comm_include || (states & filter->comm_include);
}

static __always_inline int sample_passes(const struct fault_filter *filter)
{
	struct fault_counters *mine;

	if (!(filter->tests & FAULT_FILTER_SAMPLE))
		return 1;
	mine = cpu_counters();
	return mine && filter->sample_every && mine->sampled++ % filter->sample_every == 0;
}

static __always_inline int is_own(const struct fault_filter *filter, __u32 pid)
{
	return pid == filter->excluded_pids[0] || pid == filter->excluded_pids[1];
}

/* All but the traits and the sampling. */
static __always_inline int passes(const struct fault_filter *filter, __u32 pid, __u64 address)
{
	__u32 tests = filter->tests;

	if (is_own(filter, pid))
		return 0;
	if ((tests & FAULT_FILTER_ADDRESS) && (address < filter->address_low || address >= filter->address_high))
		return 0;
	if ((tests & FAULT_FILTER_PROCESSES) && !process_passes(tests, pid))
		return 0;
	if ((tests & FAULT_FILTER_USERS) && !user_passes(tests))
		return 0;
	return !(tests & FAULT_FILTER_COMM) || comm_passes(filter);
}

#endif
