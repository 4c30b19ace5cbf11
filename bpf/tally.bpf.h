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

static __always_inline int count_in_row(const struct fault_tally_key *key, __u64 id, __u64 latency_ns)
{
	struct fault_tally *row = bpf_map_lookup_elem(&tally, key);

	if (!row)
		row = open_row(key, id);
	if (!row) {
		count_lost();
		return 0;
	}
	row->count++;
	if (latency_ns)
		time(row, latency_ns);
	return 1;
}

#define ROUND_OF(group) ((__u32)(group) >> FAULT_TALLY_ROUND_SHIFT)

/* By the slot, if it is the row's; the slot becomes the row's, if it is free, once the row is open. */
static __always_inline int count_short(const struct fault_tally_key *key, __u64 id)
{
	__u64 whole = (__u64)key->id << 32 | key->group;
	__u64 slot = (whole * 0x9e3779b97f4a7c15ULL) >> 57;
	__u32 place = bpf_get_smp_processor_id() * 2 + (ROUND_OF(key->group) & 1);
	struct fault_shortcuts *mine = bpf_map_lookup_elem(&shortcuts, &place);

	if (!mine)
		return count_in_row(key, id, 0);
	asm volatile("%0 &= 127" : "+r"(slot));
	if (mine->slots[slot].key == whole) {
		mine->slots[slot].count++;
		return 1;
	}
	if (!count_in_row(key, id, 0) || ROUND_OF(mine->slots[slot].key) == ROUND_OF(key->group))
		return 0;
	mine->slots[slot].key = whole;
	mine->slots[slot].count = 0;
	return 1;
}

/* Counts a fault of the current thread. A latency of zero is none. */
static __always_inline int count(const struct fault_filter *filter, __u64 id, __u32 traits, __u64 latency_ns)
{
	struct fault_tally_key key = {
		.id = SETTLED(filter, flow) & FAULT_FLOW_TALLY_THREADS ? id : id >> 32,
		.group = traits | filter->tally_round,
	};

	if (latency_ns)
		count_in_row(&key, id, latency_ns);
	else
		count_short(&key, id);
	return 0;
}

#endif
