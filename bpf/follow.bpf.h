/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Marks the descendants of followed processes, before their first fault: task:task_newtask fires in the parent, before the
 * child first runs. Process ids are used again, so the mark of a dead process is dropped when its number comes back as someone
 * else's child. Threads share their group's mark.
 */
#ifndef FAULTLINE_FOLLOW_BPF_H
#define FAULTLINE_FOLLOW_BPF_H

#include "contexts.bpf.h"
#include "current.bpf.h"
#include "maps.bpf.h"

#define CLONE_THREAD 0x10000 /* include/uapi/linux/sched.h */

static __always_inline int follow(__u32 child, __u64 clone_flags)
{
	__u32 parent = bpf_get_current_pid_tgid() >> 32;
	__u32 marks = FAULT_SELECT | FAULT_FOLLOW;
	struct fault_counters *mine;
	__u32 *inherited;

	if (clone_flags & CLONE_THREAD)
		return 0;
	inherited = bpf_map_lookup_elem(&processes, &parent);
	if (!inherited || !(*inherited & FAULT_FOLLOW)) {
		bpf_map_delete_elem(&processes, &child);
		return 0;
	}
	if (bpf_map_update_elem(&processes, &child, &marks, BPF_ANY) == 0)
		return 0;
	mine = cpu_counters();
	if (mine)
		mine->not_followed++;
	return 0;
}

#ifdef FAULT_CURRENT_BTF

/* TP_PROTO(struct task_struct *task, unsigned long clone_flags). Needs no tracefs, and detaches without waiting. */
struct newtask_arguments {
	struct task_struct *task;
	__u64 clone_flags;
};

SEC("?tp_btf/task_newtask")
int follow_newtask(struct newtask_arguments *arguments)
{
	return follow(arguments->task->pid, arguments->clone_flags);
}

#else

SEC("?tracepoint/task/task_newtask")
int follow_newtask(struct newtask_context *ctx)
{
	return follow(ctx->pid, ctx->clone_flags);
}

#endif
#endif
