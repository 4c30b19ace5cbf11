/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The one description of what crosses from the kernel to the agent. BPF C includes it, Swift imports it as
 * CFaultRecord: a field renamed or moved breaks both builds and the wire's golden vectors.
 *
 * Fields stand in descending size, without pointers or implicit padding.
 */
#ifndef FAULTLINE_FAULT_RECORD_H
#define FAULTLINE_FAULT_RECORD_H

#include <stdint.h>

/* TASK_COMM_LEN, fixed in the kernel's ABI since 2.6. */
#define FAULT_COMM_LENGTH 16

/* What the number in fault_record.error_code is. */
enum fault_error_kind {
	FAULT_ERROR_NONE = 0, /* this source has none */
	FAULT_ERROR_X86 = 1,  /* the x86 page-fault error code (Intel SDM vol. 3, 4.7) */
	FAULT_ERROR_ESR = 2,  /* arm64 ESR_EL1 (Arm ARM, D24.2.40) */
};

/*
 * fault_record.traits holds four two-bit answers. Zero always means that the source could not tell, so a
 * record that nobody filled in claims nothing.
 */
#define FAULT_MODE_SHIFT 0
#define FAULT_ACCESS_SHIFT 2
#define FAULT_PRESENT_SHIFT 4
#define FAULT_OUTCOME_SHIFT 6

enum fault_mode { FAULT_MODE_UNKNOWN, FAULT_MODE_USER, FAULT_MODE_KERNEL };
enum fault_access { FAULT_ACCESS_UNKNOWN, FAULT_ACCESS_READ, FAULT_ACCESS_WRITE, FAULT_ACCESS_EXECUTE };
enum fault_present { FAULT_PRESENT_UNKNOWN, FAULT_PRESENT_NO, FAULT_PRESENT_YES };
enum fault_outcome { FAULT_OUTCOME_UNKNOWN, FAULT_OUTCOME_MINOR, FAULT_OUTCOME_MAJOR, FAULT_OUTCOME_FAILED };

/* fault_record.user_stack and kernel_stack. */
#define FAULT_STACK_NONE 0          /* nobody asked, or there is none */
#define FAULT_STACK_LOST 0xffffffff /* the map had no room */
/* Anything else: in which bucket it is, and in which map. A set is several maps: each has what finds no room in those before it. */
#define FAULT_STACK_SETS 3
#define FAULT_STACK_SET_MAPS 3
#define FAULT_STACK_MAPS (FAULT_STACK_SETS * FAULT_STACK_SET_MAPS)
#define FAULT_STACK_ID(bucket, map) ((uint32_t)(bucket) * FAULT_STACK_MAPS + (map) + 1)

/* One page fault, as the kernel saw it. */
struct fault_record {
	uint64_t time_ns;    /* CLOCK_MONOTONIC: bpf_ktime_get_ns, the only clock that BPF has before 5.8 */
	uint64_t latency_ns; /* from then until the fault was completed; 0: this source could not tell */
	uint64_t address;    /* the address that faulted, without a pointer tag */
	uint64_t ip;         /* the instruction that faulted */
	uint64_t error_code; /* see error_kind */
	uint32_t pid;        /* thread group id, as the initial pid namespace numbers it */
	uint32_t tid;
	uint32_t uid;        /* real user id in the initial user namespace */
	uint16_t cpu;
	uint8_t error_kind;  /* enum fault_error_kind */
	uint8_t traits;      /* mode, access, present, outcome: see FAULT_*_SHIFT */
	uint8_t comm[FAULT_COMM_LENGTH];
	uint32_t user_stack;   /* FAULT_STACK_*, or where it is */
	uint32_t kernel_stack;
};

_Static_assert(sizeof(struct fault_record) == 80, "no padding");
_Static_assert(__builtin_offsetof(struct fault_record, pid) == 40, "no padding before pid");
_Static_assert(__builtin_offsetof(struct fault_record, comm) == 56, "no padding before comm");

/* A fault that has begun and not ended, in the map `pending` under its thread's id. */
struct fault_pending {
	struct fault_record record;
	uint32_t active; /* 0: the entry waits for the thread's next fault */
	uint32_t reserved;
};

/* Which tests fault_filter asks for; a test that nobody asked for costs one branch. */
#define FAULT_FILTER_PROCESSES 0x01        /* look the process up in `processes` */
#define FAULT_FILTER_SELECT_PROCESSES 0x02 /* ... and pass only selected ones */
#define FAULT_FILTER_USERS 0x04            /* look the user up in `users` */
#define FAULT_FILTER_SELECT_USERS 0x08     /* ... and pass only selected ones */
#define FAULT_FILTER_ADDRESS 0x10          /* address_low <= address < address_high */
#define FAULT_FILTER_COMM 0x20             /* run the comm automaton */
#define FAULT_FILTER_SAMPLE 0x40           /* pass one fault in sample_every, counted per CPU */
#define FAULT_FILTER_THREADS 0x80          /* pass only threads that are in `threads` */
#define FAULT_FILTER_RATE 0x100            /* pass at most rate_limit faults in FAULT_RATE_WINDOW_NS, counted per CPU */

/* What happens to a fault that passes. */
#define FAULT_FLOW_PENDING 0x1 /* it waits in `pending` until it has ended */
#define FAULT_FLOW_SIGNALS 0x2 /* a fault that ends in a signal is ended by that signal's program */
#define FAULT_FLOW_USER_STACK 0x4   /* its record bears the user stack */
#define FAULT_FLOW_KERNEL_STACK 0x8 /* and, of a fault in kernel mode, the kernel's */
#define FAULT_FLOW_STACK_SET 0x30   /* into which set stacks go, shifted by FAULT_FLOW_STACK_SET_SHIFT */
#define FAULT_FLOW_STACK_SET_SHIFT 4
#define FAULT_FLOW_TALLY 0x100         /* it is counted in `tally` and not recorded */
#define FAULT_FLOW_TALLY_THREADS 0x200 /* ... by thread and not by process */
#define FAULT_FLOW_TALLY_ALL 0x400     /* ... at once and whatever it is, but for the excluded_pids' */

/* What `processes` says of a thread group, `threads` of a thread, and `users` of a user. */
#define FAULT_SELECT 0x1
#define FAULT_EXCLUDE 0x2
#define FAULT_FOLLOW 0x4 /* a process whose children are selected and followed */

/*
 * The settings of one trace, in the only slot of the map `filter`. A map because global data needs 5.2.
 *
 * The comm patterns are one nondeterministic automaton of up to 64 states, run bit-parallel (Baeza-Yates and
 * Gonnet's Shift-And with self-loops for `*`): next = ((states & advance[c]) << 1) | (states & loop).
 */
struct fault_filter {
	uint64_t address_low;
	uint64_t address_high;
	uint64_t comm_start;   /* the states in which every pattern begins */
	uint64_t comm_loop;    /* states that a `*` holds for any byte */
	uint64_t comm_include; /* final states of wanted patterns; none: all are wanted */
	uint64_t comm_exclude; /* final states of unwanted patterns */
	uint64_t comm_advance[256];
	uint64_t half_full;   /* bytes in the ring buffer at which the reader is woken */
	uint32_t tests;        /* FAULT_FILTER_* */
	uint32_t sample_every;
	uint32_t excluded_pids[3]; /* the agent, its symboliser, the local controller: compared in place, no map look-up */
	uint32_t reserved;
	uint8_t modes;         /* bit n: pass enum fault_mode n; and so on */
	uint8_t accesses;
	uint8_t presents;
	uint8_t outcomes;
	uint32_t flow;         /* FAULT_FLOW_* */
	uint64_t minimum_latency_ns; /* 0: any latency will do, an unknown one too */
	uint32_t rate_limit;
	uint32_t tally_round;  /* the round of counting, shifted by FAULT_TALLY_ROUND_SHIFT */
};

_Static_assert(sizeof(struct fault_filter) % 8 == 0, "map values are padded to eight bytes");

/*
 * Whose faults a row of the map `tally` counts. Each round has rows of its own: when the round is over nobody adds to them any
 * more, so that they can be read and removed without missing one.
 */
struct fault_tally_key {
	uint32_t id;    /* the process's or the thread's */
	uint32_t group; /* the faults' traits, and from FAULT_TALLY_ROUND_SHIFT on the round */
};

#define FAULT_TALLY_ROUND_SHIFT 8

/* Latencies by their logarithm: the nth slot has those of 2^n ns and more, the last one all that are longer. */
#define FAULT_TALLY_SLOTS 32

/* What one CPU has counted in a row. */
struct fault_tally {
	uint64_t count;
	uint64_t latency_ns; /* of all of them together, as far as their end is known */
	uint32_t slots[FAULT_TALLY_SLOTS];
	uint32_t pid; /* who it was when the row was opened; zero on all CPUs but the one that did */
	uint32_t tid;
	uint32_t uid;
	uint32_t reserved;
	uint8_t comm[FAULT_COMM_LENGTH];
};

/*
 * In front of `tally`, because its hash costs more than the rest of a count: what one CPU has counted without a latency in a round,
 * each row in the one slot that its key picks, if no other row of the round was there before. The slots of odd rounds and of even
 * ones take turns, so that those of the round before can be read.
 */
#define FAULT_SHORTCUTS 128

struct fault_shortcuts {
	struct {
		uint64_t key; /* id above, group below; none of this round: the slot is free */
		uint64_t count;
	} slots[FAULT_SHORTCUTS];
};

_Static_assert(sizeof(struct fault_tally) % 8 == 0, "the values of a CPU are padded to eight bytes");

/* What one CPU counts besides its records, in the per-CPU map `counters`. */
struct fault_counters {
	uint64_t lost;           /* faults that passed the filter and found no room */
	uint64_t burst_first_ns; /* CLOCK_MONOTONIC: when the newest burst of losses began */
	uint64_t burst_last_ns;
	uint64_t not_followed;   /* children that did not fit into `processes` */
	uint64_t sampled;        /* faults that came to the sampling test */
	uint64_t window_ns;      /* CLOCK_MONOTONIC: when the rate limit's newest window began */
	uint64_t window_passed;  /* faults that passed in it */
	uint64_t held_back;      /* faults that passed all but the rate limit */
	uint64_t walking;        /* the thread whose stacks are being taken; 0: none */
};

/* The time in which rate_limit faults pass. */
#define FAULT_RATE_WINDOW_NS 1000000000

/* Losses closer together than this are one burst: one gap in the stream. */
#define FAULT_LOSS_BURST_NS 5000000

#endif
