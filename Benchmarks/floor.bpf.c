// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* What is least: programs that do nothing, one for each hook, and some that take the user stack and do nothing with it. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 8192);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, 127 * sizeof(__u64));
} stacks SEC(".maps");

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

SEC("?tp_btf/page_fault_user")
int tp_btf_stack(void *ctx)
{
	bpf_get_stackid(ctx, &stacks, BPF_F_USER_STACK);
	return 0;
}

SEC("?perf_event")
int perf_event_stack(void *ctx)
{
	bpf_get_stackid(ctx, &stacks, BPF_F_USER_STACK);
	return 0;
}
