/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Two ways to user space behind one pair, reserve and submit. With FAULT_TRANSPORT_RINGBUF the record is written
 * in place in a BPF ring buffer (5.8+); otherwise it is built on the stack and copied into this CPU's slot of a perf
 * event array (4.4+).
 */
#ifndef FAULTLINE_TRANSPORT_BPF_H
#define FAULTLINE_TRANSPORT_BPF_H

#include "maps.bpf.h"

#ifdef FAULT_TRANSPORT_RINGBUF

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 << 20);
} events SEC(".maps");

static __always_inline struct fault_record *reserve(struct fault_record *on_stack)
{
	(void)on_stack;
	return bpf_ringbuf_reserve(&events, sizeof(struct fault_record), 0);
}

/*
 * The reader drains on a timer, because a wake-up is an interrupt that costs more than the record itself. It is woken
 * only while the ring's fill passes its half, and one record in about sixteen (by the clock's low bits) looks whether it
 * does. Should none of those that pass look, the timer serves.
 */
#define WAKE_SAMPLE 15
#define WAKE_WINDOW (16 * (WAKE_SAMPLE + 1) * sizeof(struct fault_record))

static __always_inline int passes_half(const struct fault_record *record, const struct fault_filter *filter)
{
	if (record->time_ns & WAKE_SAMPLE)
		return 0;
	return bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA) - SETTLED(filter, half_full) < WAKE_WINDOW;
}

static __always_inline int submit(void *ctx, struct fault_record *record, const struct fault_filter *filter)
{
	(void)ctx;
	bpf_ringbuf_submit(record, passes_half(record, filter) ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP);
	return 0;
}

/* A record that lies in a map. */
static __always_inline int submit_copy(void *ctx, struct fault_record *record, const struct fault_filter *filter)
{
	__u64 flags = passes_half(record, filter) ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP;

	(void)ctx;
	return bpf_ringbuf_output(&events, record, sizeof(*record), flags);
}

#else

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} events SEC(".maps");

static __always_inline struct fault_record *reserve(struct fault_record *on_stack)
{
	return on_stack;
}

/* Wakes the reader at the watermark that the agent set on each CPU's buffer. */
static __always_inline int submit(void *ctx, struct fault_record *record, const struct fault_filter *filter)
{
	(void)filter;
	return bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, record, sizeof(*record));
}

/* By way of the stack: kernels before 4.11 take no map's memory here. */
static __always_inline int submit_copy(void *ctx, struct fault_record *record, const struct fault_filter *filter)
{
	struct fault_record on_stack = *record;

	return submit(ctx, &on_stack, filter);
}

#endif
#endif
