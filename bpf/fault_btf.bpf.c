// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Programs for kernels that carry their BTF (5.11+): the raw tracepoint's arguments and the task's own fields, at about
 * half the cost of the classic tracepoint, which first copies its arguments into a perf buffer; and trampolines.
 */
#define FAULT_CURRENT_BTF
#include "access.bpf.h"
#include "failure.bpf.h"
#include "follow.bpf.h"
#include "software.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#if defined(__TARGET_ARCH_x86)

/* TP_PROTO(unsigned long address, struct pt_regs *regs, unsigned long error_code) */
struct exception_arguments {
	__u64 address;
	const struct registers *regs;
	__u64 error_code;
};

static __always_inline int record_exception(struct exception_arguments *arguments, __u32 mode)
{
	struct sighting seen = {
		.address = arguments->address,
		.ip = REGISTERS_IP(arguments->regs),
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

#elif defined(__TARGET_ARCH_arm64)

/* do_mem_abort(unsigned long far, unsigned long esr, struct pt_regs *regs): where every data and instruction abort begins. */
struct abort_arguments {
	__u64 address;
	__u64 syndrome; /* its upper half is not always set: it was an int before 5.19 */
	const struct registers *regs;
};

SEC("?fentry/do_mem_abort")
int memory_abort_entry(struct abort_arguments *arguments)
{
	__u32 syndrome = arguments->syndrome;
	struct sighting seen = {
		.address = without_tag(arguments->address),
		.ip = REGISTERS_IP(arguments->regs),
		.error_code = syndrome,
		.error_kind = FAULT_ERROR_ESR,
		.traits = esr_traits(syndrome),
	};

	return esr_is_page_fault(syndrome) ? record(arguments, &seen) : 0;
}

/* What nobody has called minor or major by now has failed. */
SEC("?fexit/do_mem_abort")
int memory_abort_exit(struct abort_arguments *arguments)
{
	struct fault_pending *mine = pending_at(arguments->address);

	if (!mine)
		return 0;
	if (TRAIT(mine->record.traits, FAULT_OUTCOME_SHIFT) == FAULT_OUTCOME_UNKNOWN)
		set_outcome(mine, FAULT_OUTCOME_FAILED);
	return end(arguments, mine);
}

#endif

struct fault_arguments {
	__u64 vma;
	__u64 address;
	__u64 flags;
	__u64 regs; /* null for get_user_pages, where no exception happened */
	__u64 result;
};

SEC("?fentry/handle_mm_fault")
int handle_mm_fault_entry(struct fault_arguments *arguments)
{
	return add_access(arguments->address, arguments->flags);
}

/* vm_fault_t: include/linux/mm_types.h. RETRY: the kernel tries again, and that try's end counts. */
#define VM_FAULT_MAJOR 0x04
#define VM_FAULT_RETRY 0x400
#define VM_FAULT_ERROR 0x873 /* OOM, SIGBUS, HWPOISON, HWPOISON_LARGE, SIGSEGV, FALLBACK */
#define FAULT_FLAG_TRIED 0x20

/* As the kernel's own account has it (mm_account_fault in mm/memory.c). */
SEC("?fexit/handle_mm_fault")
int handle_mm_fault_exit(struct fault_arguments *arguments)
{
	__u32 result = arguments->result;
	struct fault_pending *mine;

	if (!arguments->regs || (result & (VM_FAULT_RETRY | VM_FAULT_ERROR)))
		return 0;
	mine = pending_at(arguments->address);
	if (!mine)
		return 0;
	set_outcome(mine, (result & VM_FAULT_MAJOR) || (arguments->flags & FAULT_FLAG_TRIED) ?
			  FAULT_OUTCOME_MAJOR : FAULT_OUTCOME_MINOR);
	return 0;
}
