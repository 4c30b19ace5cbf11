/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Faults that are counted where they happen: one look-up and one addition each, and nothing leaves the kernel before the agent
 * reads the sums.
 */
#ifndef FAULTLINE_TALLY_BPF_H
#define FAULTLINE_TALLY_BPF_H

#include "current.bpf.h"
#include "lost.bpf.h"

/* The row's identity stands on the CPU that opened it; null when there is no room for another row. */
static __always_inline struct fault_tally *open_row(const struct fault_tally_key *key, __u64 id)
{
	struct fault_tally empty = {
		.pid = id >> 32,
		.tid = id,
		.uid = current_uid(),
	};

	current_comm(empty.comm);
	bpf_map_update_elem(&tally, key, &empty, BPF_NOEXIST);
	return bpf_map_lookup_elem(&tally, key);
}

/* The logarithm to the base of two, cut; without a loop, for kernels before 5.3 take none. */
static __always_inline __u32 slot_of(__u64 latency_ns)
{
	__u32 slot = 0;

	if (latency_ns >> (FAULT_TALLY_SLOTS - 1))
		return FAULT_TALLY_SLOTS - 1;
#pragma unroll
	for (int half = FAULT_TALLY_SLOTS / 2; half; half /= 2)
		if (latency_ns >> half) {
			latency_ns >>= half;
			slot += half;
		}
	return slot;
}

static __always_inline void time(struct fault_tally *row, __u64 latency_ns)
{
	__u64 slot = slot_of(latency_ns);

	/* The verifier wants to see the bound, which the compiler knows of and leaves out. */
	asm volatile("%0 &= 31" : "+r"(slot));
	row->latency_ns += latency_ns;
	row->slots[slot]++;
}

/* Counts a fault of the current thread. A latency of zero is none. */
static __always_inline int count(const struct fault_filter *filter, __u64 id, __u32 traits, __u64 latency_ns)
{
	struct fault_tally_key key = {
		.id = filter->flow & FAULT_FLOW_TALLY_THREADS ? id : id >> 32,
		.group = traits | filter->tally_round,
	};
	struct fault_tally *row = bpf_map_lookup_elem(&tally, &key);

	if (!row)
		row = open_row(&key, id);
	if (!row) {
		count_lost();
		return 0;
	}
	row->count++;
	if (latency_ns)
		time(row, latency_ns);
	return 0;
}

#endif
