// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The baseline: loads from Linux 4.9 on (4.17 for the address of a perf event), without CO-RE, BTF in the kernel,
 * global data, loops or calls. Entry points only unpack their context; each is opt-in (`?`).
 */
#include "contexts.bpf.h"
#include "record.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

static __always_inline int record_exception(struct exception_context *ctx, __u32 mode)
{
	struct sighting seen = {
		.address = ctx->address,
		.ip = ctx->ip,
		.error_code = ctx->error_code,
		.error_kind = FAULT_ERROR_X86,
		.traits = x86_traits(mode, ctx->error_code),
	};

	return record(ctx, &seen);
}

SEC("?tracepoint/exceptions/page_fault_user")
int page_fault_user_tracepoint(struct exception_context *ctx)
{
	return record_exception(ctx, FAULT_MODE_USER);
}

SEC("?tracepoint/exceptions/page_fault_kernel")
int page_fault_kernel_tracepoint(struct exception_context *ctx)
{
	return record_exception(ctx, FAULT_MODE_KERNEL);
}

/* PERF_COUNT_SW_PAGE_FAULTS with period 1, one event per CPU. */
SEC("?perf_event")
int page_fault_perf_event(struct perf_context *ctx)
{
	__u32 mode = PERF_CONTEXT_IS_USER(ctx) ? FAULT_MODE_USER : FAULT_MODE_KERNEL;
	struct sighting seen = {
		.address = ctx->address,
		.ip = PERF_CONTEXT_IP(ctx),
		.traits = mode << FAULT_MODE_SHIFT,
	};

	return record(ctx, &seen);
}

/*
 * Descendants: a child of a followed process is traced and followed. Process ids are used again, so the mark of a
 * dead process is dropped when its number comes back as someone else's child. Threads (CLONE_THREAD, 0x10000) share
 * their group's mark.
 */
SEC("?tracepoint/task/task_newtask")
int follow_newtask(struct newtask_context *ctx)
{
	__u32 parent = bpf_get_current_pid_tgid() >> 32;
	__u32 marks = FAULT_PROCESS_TRACE | FAULT_PROCESS_FOLLOW;
	__u32 child = ctx->pid;
	struct fault_counters *mine;
	__u32 *inherited;

	if (ctx->clone_flags & 0x10000)
		return 0;
	inherited = bpf_map_lookup_elem(&processes, &parent);
	if (!inherited || !(*inherited & FAULT_PROCESS_FOLLOW)) {
		bpf_map_delete_elem(&processes, &child);
		return 0;
	}
	if (bpf_map_update_elem(&processes, &child, &marks, BPF_ANY) == 0)
		return 0;
	mine = cpu_counters();
	if (mine)
		mine->not_followed++;
	return 0;
}
