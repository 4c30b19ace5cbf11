/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What handle_mm_fault(vma, address, flags, regs) adds to a pending fault. FAULT_FLAG_WRITE and FAULT_FLAG_INSTRUCTION have
 * had the same bits since 4.9 (include/linux/mm.h, mm_types.h); others join them, so that only bits are tested.
 */
#ifndef FAULTLINE_ACCESS_BPF_H
#define FAULTLINE_ACCESS_BPF_H

#include "contexts.bpf.h"
#include "pending.bpf.h"

#define FAULT_FLAG_WRITE 0x01
#define FAULT_FLAG_INSTRUCTION 0x100

static __always_inline int add_access(__u64 address, __u32 flags)
{
	struct fault_pending *mine = pending_at(address);
	__u32 access = flags & FAULT_FLAG_WRITE ? FAULT_ACCESS_WRITE :
		       flags & FAULT_FLAG_INSTRUCTION ? FAULT_ACCESS_EXECUTE : FAULT_ACCESS_READ;

	if (mine && TRAIT(mine->record.traits, FAULT_ACCESS_SHIFT) == FAULT_ACCESS_UNKNOWN)
		mine->record.traits |= access << FAULT_ACCESS_SHIFT;
	return 0;
}

SEC("?kprobe/handle_mm_fault")
int handle_mm_fault_kprobe(struct registers *ctx)
{
	return add_access(REGISTERS_ARGUMENT_2(ctx), REGISTERS_ARGUMENT_3(ctx));
}

#endif
