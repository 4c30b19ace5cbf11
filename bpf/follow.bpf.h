/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Marks the descendants of followed processes, before their first fault. */
#ifndef FAULTLINE_FOLLOW_BPF_H
#define FAULTLINE_FOLLOW_BPF_H

#include "contexts.bpf.h"
#include "maps.bpf.h"

/*
 * Descendants: a child of a followed process is traced and followed. Process ids are used again, so the mark of a
 * dead process is dropped when its number comes back as someone else's child. Threads share
 * their group's mark.
 */
#define CLONE_THREAD 0x10000 /* include/uapi/linux/sched.h */

SEC("?tracepoint/task/task_newtask")
int follow_newtask(struct newtask_context *ctx)
{
	__u32 parent = bpf_get_current_pid_tgid() >> 32;
	__u32 marks = FAULT_SELECT | FAULT_FOLLOW;
	__u32 child = ctx->pid;
	struct fault_counters *mine;
	__u32 *inherited;

	if (ctx->clone_flags & CLONE_THREAD)
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

#endif
