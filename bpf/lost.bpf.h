/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Faults that passed the filter and found no room. */
#ifndef FAULTLINE_LOST_BPF_H
#define FAULTLINE_LOST_BPF_H

#include "maps.bpf.h"

static __always_inline void count_lost(void)
{
	struct fault_counters *mine = cpu_counters();
	__u64 now = bpf_ktime_get_ns();

	if (!mine)
		return;
	if (now - mine->burst_last_ns > FAULT_LOSS_BURST_NS)
		mine->burst_first_ns = now;
	mine->burst_last_ns = now;
	mine->lost++;
}

#endif
