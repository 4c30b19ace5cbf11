// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Programs that do nothing, one for each hook: what being called costs. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

SEC("?tp_btf/page_fault_user")
int tp_btf(void *ctx)
{
	return 0;
}

SEC("?tracepoint/exceptions/page_fault_user")
int tracepoint(void *ctx)
{
	return 0;
}

SEC("?perf_event")
int perf_event(void *ctx)
{
	return 0;
}
