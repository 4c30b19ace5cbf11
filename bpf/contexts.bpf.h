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

/*
 * struct pt_regs: what a kprobe is given, and where a fault's instruction stands. struct bpf_perf_event_data
 * (include/uapi/linux/bpf_perf_event.h) begins with it.
 */
#if defined(__TARGET_ARCH_x86)
struct registers {
	__u64 r15_to_r10[8];
	__u64 r9, r8, ax, cx, dx, si, di, orig_ax;
	__u64 ip;
	__u64 cs; /* its low two bits are the privilege level: 3 is user mode */
	__u64 flags;
	__u64 sp;
	__u64 ss;
};
#define REGISTERS_IP(registers) ((registers)->ip)
#define REGISTERS_ARE_USER(registers) (((registers)->cs & 3) == 3)
#define REGISTERS_ARGUMENT_2(registers) ((registers)->si)
#define REGISTERS_ARGUMENT_3(registers) ((registers)->dx)
#elif defined(__TARGET_ARCH_arm64)
struct registers {
	__u64 x[31];
	__u64 sp;
	__u64 pc;
	__u64 pstate; /* its low four bits are the exception level and stack: 0 is EL0t, user mode */
};
#define REGISTERS_IP(registers) ((registers)->pc)
#define REGISTERS_ARE_USER(registers) (((registers)->pstate & 0xf) == 0)
#define REGISTERS_ARGUMENT_2(registers) ((registers)->x[1])
#define REGISTERS_ARGUMENT_3(registers) ((registers)->x[2])
#else
#error "pass -D__TARGET_ARCH_x86 or -D__TARGET_ARCH_arm64"
#endif

struct perf_context {
	struct registers registers;
	__u64 sample_period;
	__u64 address;
};

#endif
