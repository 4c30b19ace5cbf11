/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Where a fault came from. The kernel walks frame pointers and keeps each stack once; a record bears where. A stack has one
 * bucket, by its hash, and finds no room where another one lies in it; so a set is three maps, of which each has what those
 * before it have no room for.
 *
 * There are three sets because the kernel takes a stack out of its bucket while somebody reads it. A stack of the same hash that
 * comes in that moment finds the bucket free, is given its number, and is dropped when the other one is put back. So the agent has
 * the programs change over to another set before it reads one, and to a third where it waits to empty one of the two.
 */
#ifndef FAULTLINE_STACKS_BPF_H
#define FAULTLINE_STACKS_BPF_H

#include "filter.bpf.h"

#define ERROR_FAULT 14 /* EFAULT: there is no such stack */

/* The agent sets how many stacks they hold, and how deep. */
struct stack_map {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u64));
};

struct stack_map stacks_a SEC(".maps"), stacks_a_more SEC(".maps"), stacks_a_last SEC(".maps");
struct stack_map stacks_b SEC(".maps"), stacks_b_more SEC(".maps"), stacks_b_last SEC(".maps");
struct stack_map stacks_c SEC(".maps"), stacks_c_more SEC(".maps"), stacks_c_last SEC(".maps");

/*
 * The compiler must not know which numbers there are: from a default that it proves never to be taken clang 21 makes a reference to
 * __bpf_trap, and a name from outside has libbpf ask for the kernel's BTF, which few phones have.
 */
static __always_inline __s64 keep_stack(void *ctx, __u32 map, __u64 flags)
{
	__asm__ volatile("" : "+r"(map));
	switch (map) {
	case 0: return bpf_get_stackid(ctx, &stacks_a, flags);
	case 1: return bpf_get_stackid(ctx, &stacks_a_more, flags);
	case 2: return bpf_get_stackid(ctx, &stacks_a_last, flags);
	case 3: return bpf_get_stackid(ctx, &stacks_b, flags);
	case 4: return bpf_get_stackid(ctx, &stacks_b_more, flags);
	case 5: return bpf_get_stackid(ctx, &stacks_b_last, flags);
	case 6: return bpf_get_stackid(ctx, &stacks_c, flags);
	case 7: return bpf_get_stackid(ctx, &stacks_c_more, flags);
	default: return bpf_get_stackid(ctx, &stacks_c_last, flags);
	}
}

static __always_inline __u32 take_stack(void *ctx, const struct fault_filter *filter, __u64 flags)
{
	__u32 map = ((filter->flow & FAULT_FLOW_STACK_SET) >> FAULT_FLOW_STACK_SET_SHIFT) * FAULT_STACK_SET_MAPS;
	__s64 id = keep_stack(ctx, map, flags);

	if (id < 0 && id != -ERROR_FAULT)
		id = keep_stack(ctx, ++map, flags);
	if (id < 0 && id != -ERROR_FAULT)
		id = keep_stack(ctx, ++map, flags);
	if (id < 0)
		return id == -ERROR_FAULT ? FAULT_STACK_NONE : FAULT_STACK_LOST;
	return FAULT_STACK_ID(id, map);
}

/*
 * Looking at a user stack finds pages missing. Those faults are our own doing and nobody's events: `walking` tells them by
 * their thread, because programs of other kinds run within this one. A fault in user mode has no kernel stack.
 */
static __always_inline void take_stacks(void *ctx, struct fault_record *record, const struct fault_filter *filter)
{
	__u32 flow = SETTLED(filter, flow);
	struct fault_counters *mine;

	if (!(flow & (FAULT_FLOW_USER_STACK | FAULT_FLOW_KERNEL_STACK)))
		return;
	mine = cpu_counters();
	if (!mine)
		return;
	mine->walking = record->tid;
	if (flow & FAULT_FLOW_USER_STACK)
		record->user_stack = take_stack(ctx, filter, BPF_F_USER_STACK);
	if ((flow & FAULT_FLOW_KERNEL_STACK) && TRAIT(record->traits, FAULT_MODE_SHIFT) == FAULT_MODE_KERNEL)
		record->kernel_stack = take_stack(ctx, filter, 0);
	mine->walking = 0;
}

/* Whether this is such a fault. */
static __always_inline int is_walking(const struct fault_filter *filter, __u32 traits, __u32 tid)
{
	struct fault_counters *mine;

	if (!(SETTLED(filter, flow) & FAULT_FLOW_USER_STACK) || TRAIT(traits, FAULT_MODE_SHIFT) != FAULT_MODE_KERNEL)
		return 0;
	mine = cpu_counters();
	return mine && tid && mine->walking == tid;
}

#endif
