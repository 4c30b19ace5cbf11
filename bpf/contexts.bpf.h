/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the kernel hands to each kind of program: layouts of its user ABI, written out so that the objects need
 * neither vmlinux.h nor CO-RE, which phones without BTF could not load.
 */
#ifndef FAULTLINE_CONTEXTS_BPF_H
#define FAULTLINE_CONTEXTS_BPF_H

#include <linux/types.h>

/*
 * exceptions:page_fault_user and :page_fault_kernel. The struct's name changed over time
 * (trace_event_raw_x86_exceptions, trace_event_raw_exceptions), its offsets did not.
 */
struct exception_context {
	__u64 common;
	__u64 address;
	__u64 ip;
	__u64 error_code;
};

/* task:task_newtask (include/trace/events/task.h); fires in the parent, before the child first runs. */
struct newtask_context {
	__u64 common;
	__s32 pid;
	char comm[16];
	__u32 padding;
	__u64 clone_flags;
	__s16 oom_score_adj;
};

/* struct bpf_perf_event_data (include/uapi/linux/bpf_perf_event.h) with the registers of each architecture. */
#if defined(__TARGET_ARCH_x86)
struct perf_context {
	__u64 r15_to_orig_ax[16];
	__u64 ip;
	__u64 cs; /* its low two bits are the privilege level: 3 is user mode */
	__u64 flags;
	__u64 sp;
	__u64 ss;
	__u64 sample_period;
	__u64 address;
};
#define PERF_CONTEXT_IP(ctx) ((ctx)->ip)
#define PERF_CONTEXT_IS_USER(ctx) (((ctx)->cs & 3) == 3)
#elif defined(__TARGET_ARCH_arm64)
struct perf_context {
	__u64 x0_to_x30[31];
	__u64 sp;
	__u64 pc;
	__u64 pstate; /* its low four bits are the exception level and stack: 0 is EL0t, user mode */
	__u64 sample_period;
	__u64 address;
};
#define PERF_CONTEXT_IP(ctx) ((ctx)->pc)
#define PERF_CONTEXT_IS_USER(ctx) (((ctx)->pstate & 0xf) == 0)
#else
#error "pass -D__TARGET_ARCH_x86 or -D__TARGET_ARCH_arm64"
#endif

#endif
