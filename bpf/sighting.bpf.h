/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What an entry point knows of its fault, and how each processor says it. */
#ifndef FAULTLINE_SIGHTING_BPF_H
#define FAULTLINE_SIGHTING_BPF_H

#include "current.bpf.h"

struct sighting {
	__u64 address;
	__u64 ip;
	__u64 error_code;
	__u32 error_kind; /* enum fault_error_kind */
	__u32 traits;
};

/* x86: bit 0 present, bit 1 write, bit 4 instruction fetch. */
static __always_inline __u32 x86_traits(__u32 mode, __u64 error_code)
{
	__u32 access = error_code & 0x10 ? FAULT_ACCESS_EXECUTE :
		       error_code & 0x02 ? FAULT_ACCESS_WRITE : FAULT_ACCESS_READ;
	__u32 present = error_code & 0x01 ? FAULT_PRESENT_YES : FAULT_PRESENT_NO;

	return mode << FAULT_MODE_SHIFT | access << FAULT_ACCESS_SHIFT | present << FAULT_PRESENT_SHIFT;
}

/*
 * arm64's ESR_EL1: EC in bits 31:26 (0x20 and 0x21 instruction aborts, 0x24 and 0x25 data aborts, the even ones from user
 * mode), CM bit 8, WnR bit 6, the fault status in 5:0. Cache maintenance sets WnR without writing.
 */
#define ESR_CLASS(esr) ((esr) >> 26 & 0x3f)
#define ESR_STATUS(esr) ((esr) & 0x3c)
#define ESR_TRANSLATION 0x04
#define ESR_ACCESS_FLAG 0x08
#define ESR_PERMISSION 0x0c

/* An abort that the memory's state explains: no alignment fault, failed tag check or bus error. */
static __always_inline int esr_is_page_fault(__u32 esr)
{
	__u32 status = ESR_STATUS(esr);

	return status == ESR_TRANSLATION || status == ESR_ACCESS_FLAG || status == ESR_PERMISSION;
}

static __always_inline __u32 esr_traits(__u32 esr)
{
	__u32 class = ESR_CLASS(esr);
	__u32 mode = class & 1 ? FAULT_MODE_KERNEL : FAULT_MODE_USER;
	__u32 access = class < 0x24 ? FAULT_ACCESS_EXECUTE :
		       (esr & 1 << 6) && !(esr & 1 << 8) ? FAULT_ACCESS_WRITE : FAULT_ACCESS_READ;
	__u32 present = ESR_STATUS(esr) == ESR_TRANSLATION ? FAULT_PRESENT_NO : FAULT_PRESENT_YES;

	return mode << FAULT_MODE_SHIFT | access << FAULT_ACCESS_SHIFT | present << FAULT_PRESENT_SHIFT;
}

/* arm64 ignores a pointer's top byte and programs keep tags there; bit 55 tells user from kernel addresses. */
static __always_inline __u64 without_tag(__u64 address)
{
#if defined(__TARGET_ARCH_arm64)
	return (__u64)((__s64)(address << 8) >> 8);
#else
	return address;
#endif
}

#endif
