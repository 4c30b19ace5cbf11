/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Who runs on this CPU. By helpers, which every kernel has, or with FAULT_CURRENT_BTF straight from the task_struct, whose
 * layout the kernel's BTF tells (bpf_get_current_task_btf: 5.11): four calls less for each fault, a third of its cost.
 */
#ifndef FAULTLINE_CURRENT_BPF_H
#define FAULTLINE_CURRENT_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "fault_record.h"

#ifdef FAULT_CURRENT_BTF

/* Only the fields that are read; libbpf finds where this kernel has them. */
struct cred {
	struct {
		__u32 val;
	} uid;
} __attribute__((preserve_access_index));

struct task_struct {
	__s32 pid;
	__s32 tgid;
	const struct cred *cred;
	char comm[FAULT_COMM_LENGTH];
} __attribute__((preserve_access_index));

static __always_inline struct task_struct *current_task(void)
{
	return (struct task_struct *)bpf_get_current_task_btf();
}

static __always_inline __u64 current_pid_tgid(void)
{
	struct task_struct *task = current_task();

	return (__u64)task->tgid << 32 | (__u32)task->pid;
}

static __always_inline __u32 current_uid(void)
{
	return current_task()->cred->uid.val;
}

/* In two words; a rename at the same moment may tear the name, as it may in bpf_get_current_comm. */
static __always_inline void current_comm(__u8 comm[FAULT_COMM_LENGTH])
{
	struct task_struct *task = current_task();

	((__u64 *)comm)[0] = *(__u64 *)&task->comm[0];
	((__u64 *)comm)[1] = *(__u64 *)&task->comm[8];
}

#else

static __always_inline __u64 current_pid_tgid(void)
{
	return bpf_get_current_pid_tgid();
}

static __always_inline __u32 current_uid(void)
{
	return bpf_get_current_uid_gid();
}

static __always_inline void current_comm(__u8 comm[FAULT_COMM_LENGTH])
{
	bpf_get_current_comm(comm, FAULT_COMM_LENGTH);
}

#endif
#endif
