// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * What is least: programs that do nothing, one for each hook, some that take the user stack and do nothing with it, one that
 * sends nothing but the time, and one that sends what each event of a trace has to tell, as one would write it down, without a filter.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 8192);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, 127 * sizeof(__u64));
} stacks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 << 20);
} records SEC(".maps");

/* As large as faultline's. */
struct record {
	__u64 time, address, ip, error_code, process_and_thread, users;
	char comm[16];
	__u64 rest[2];
};

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

SEC("?tp_btf/page_fault_user")
int tp_btf_ring(void *ctx)
{
	struct record *record = bpf_ringbuf_reserve(&records, sizeof(*record), 0);

	if (!record)
		return 0;
	record->time = bpf_ktime_get_ns();
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
	return 0;
}

SEC("?tp_btf/page_fault_user")
int tp_btf_facts(__u64 *ctx)
{
	struct record *record = bpf_ringbuf_reserve(&records, sizeof(*record), 0);

	if (!record)
		return 0;
	record->time = bpf_ktime_get_ns();
	record->address = ctx[0];
	record->error_code = ctx[2];
	record->process_and_thread = bpf_get_current_pid_tgid();
	record->users = bpf_get_current_uid_gid();
	bpf_get_current_comm(record->comm, sizeof(record->comm));
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
	return 0;
}
