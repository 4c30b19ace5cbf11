// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The baseline: loads from Linux 4.9 on (4.17 for the address of a perf event), without CO-RE, BTF in the kernel,
 * global data, loops or calls. Entry points only unpack their context; each is opt-in (`?`).
 */
#include "access.bpf.h"
#include "failure.bpf.h"
#include "follow.bpf.h"
#include "software.bpf.h"

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
