/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Where every base program ends: the fault is filtered, and then delivered at once or made pending. */
#ifndef FAULTLINE_RECORD_BPF_H
#define FAULTLINE_RECORD_BPF_H

#include "pending.bpf.h"

static __always_inline int record(void *ctx, struct sighting *seen)
{
	struct fault_filter *wanted = current_filter();
	__u64 id = current_pid_tgid();

	if (!wanted)
		return 0;
	/* Where all are counted, the tests would cost as much as the count. */
	if (SETTLED(wanted, flow) & FAULT_FLOW_TALLY_ALL)
		return is_own(wanted, id >> 32) ? 0 : count(wanted, id, seen->traits, 0);
	if (is_walking(wanted, seen->traits, id) || !begin_passes(wanted, id, seen->address, seen->traits))
		return 0;
	if (SETTLED(wanted, flow) & FAULT_FLOW_PENDING)
		return begin(ctx, seen, id, wanted);
	return deliver(ctx, seen, id, wanted);
}

#endif
