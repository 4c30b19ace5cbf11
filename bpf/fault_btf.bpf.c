// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The same two exceptions through tp_btf (5.11+, BTF in the kernel): the raw tracepoint's arguments and the task's own
 * fields, at about half the cost of the classic tracepoint, which first copies its arguments into a perf buffer.
 */
#define FAULT_CURRENT_BTF
#include "follow.bpf.h"
#include "record.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* TP_PROTO(unsigned long address, struct pt_regs *regs, unsigned long error_code) */
struct exception_arguments {
	__u64 address;
	const struct {
		__u64 r15_to_orig_ax[16];
		__u64 ip;
	} *regs;
	__u64 error_code;
};

static __always_inline int record_exception(struct exception_arguments *arguments, __u32 mode)
{
	struct sighting seen = {
		.address = arguments->address,
		.ip = arguments->regs->ip,
		.error_code = arguments->error_code,
		.error_kind = FAULT_ERROR_X86,
		.traits = x86_traits(mode, arguments->error_code),
	};

	return record(arguments, &seen);
}

SEC("?tp_btf/page_fault_user")
int page_fault_user_btf(struct exception_arguments *arguments)
{
	return record_exception(arguments, FAULT_MODE_USER);
}

SEC("?tp_btf/page_fault_kernel")
int page_fault_kernel_btf(struct exception_arguments *arguments)
{
	return record_exception(arguments, FAULT_MODE_KERNEL);
}
