/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The maps through which the agent steers the programs and they report back. */
#ifndef FAULTLINE_MAPS_BPF_H
#define FAULTLINE_MAPS_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "fault_record.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct fault_filter);
} filter SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct fault_counters);
} counters SEC(".maps");

/*
 * Thread group id -> FAULT_SELECT and the like. Preallocated, because perf_event programs may use no other kind of hash before
 * 6.1; the agent shrinks it to one entry when no filter asks for it.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 32768);
	__type(key, __u32);
	__type(value, __u32);
} processes SEC(".maps");

/* Real user id -> the same marks. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u32);
} users SEC(".maps");

/* Thread id -> FAULT_SELECT. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u32);
} threads SEC(".maps");

/*
 * Thread id -> the fault that it is in. Preallocated like `processes`, and shrunk to one entry when no fault is followed to
 * its end. An entry stays for the thread's next fault; the thread's exit removes it.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u32);
	__type(value, struct fault_pending);
} pending SEC(".maps");

/* Counts instead of records. Preallocated like `pending`, and shrunk to one entry when faults are recorded. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 8192);
	__type(key, struct fault_tally_key);
	__type(value, struct fault_tally);
} tally SEC(".maps");

/* Two for each CPU, for odd and for even rounds. No per-CPU array, whose look-up is a call. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct fault_shortcuts);
} shortcuts SEC(".maps");

/*
 * Most settings are known before the programs are loaded and stay. Where the kernel has constants (5.5: it looks into maps that
 * nobody can write any more), the agent puts the same settings there: then the verifier does not walk through what nobody has asked
 * for, nor does it leave it in the program. Only `comm_advance`, the set of stacks in `flow` and `tally_round` are read from the map.
 */
#ifdef FAULT_CURRENT_BTF
const volatile struct fault_filter settled = {};
#define SETTLED(filter, field) (settled.field)
#else
#define SETTLED(filter, field) ((filter)->field)
#endif

static __always_inline struct fault_filter *current_filter(void)
{
	__u32 slot = 0;

	return bpf_map_lookup_elem(&filter, &slot);
}

static __always_inline struct fault_counters *cpu_counters(void)
{
	__u32 slot = 0;

	return bpf_map_lookup_elem(&counters, &slot);
}

#endif
