/* What the workload's files share. Each phase makes as many faults as its comment in faults.c says, and no other at its addresses. */
#ifndef WORKLOAD_H
#define WORKLOAD_H

#include <stddef.h>
#include <stdint.h>

/* Below 2^38, so that they are free with the 39 bits of address that phones give a process. */
#define WRITE_BASE 0x2000000000UL
#define READ_BASE 0x2100000000UL
#define KERNEL_BASE 0x2200000000UL
#define COW_BASE 0x2300000000UL
#define SEGV_BASE 0x2400000000UL
#define AGAIN_BASE 0x2500000000UL
#define EXEC_BASE 0x2600000000UL
#define WARM_BASE 0x2700000000UL
#define COLD_BASE 0x2800000000UL
#define SWAP_BASE 0x2900000000UL
#define SHARED_BASE 0x2a00000000UL
#define STACK_BASE 0x2b00000000UL
#define EFAULT_BASE 0x2c00000000UL
#define READONLY_BASE 0x2d00000000UL
#define SEVEN_BASE 0x2e00000000UL
#define SEVENKERNEL_BASE 0x2f00000000UL
#define DEEP_BASE 0x3000000000UL
#define DISTINCT_BASE 0x3100000000UL
#define THREADS_BASE 0x3200000000UL
#define LOSTFRAME_BASE 0x3300000000UL
#define FRAMES_BASE 0x3400000000UL
#define FILES_BASE 0x3800000000UL
#define KINDS_BASE 0x3900000000UL
#define REPLACED_BASE 0x3a00000000UL
#define MANY_BASE 0x3b00000000UL
#define NEAR_BASE 0x3e00000000UL
#define SLOW_BASE 0x3f00000000UL

/* What a page of the phase `slow` waits for, at the least. */
#define SLOW_NS 100000000
#define THREAD_PAGES 500

/* The size of a page. */
extern size_t page;

/* Ends the workload: `what` failed, and errno says why. */
void fail(const char *what);

/* Maps pages at an address, with small pages alone: a huge page would take many touches in one fault. */
volatile char *map_at(uintptr_t base, size_t pages, int protection, int flags, int file, size_t offset);

/* Private pages that nobody has touched. */
volatile char *fresh(uintptr_t base, size_t pages);

/* memory.c: anonymous memory */
void write_pages(long count);
void read_pages(long count);
void fill_pages(long count);
void copy_pages(long count);
void write_again(long count);
void share_pages(long count);
void grow_stack(long count);
void swap_pages(long count);

/* files.c: pages of files */
void make_files_in(const char *folder);
void execute_pages(long count);
void map_warm_file(long count);
void map_cold_file(long count);

/* slow.c: pages that come late */
void wait_for_pages(long count);
/* The folder that was named last. */
const char *folder_of_files(void);

/* failing.c: accesses that the kernel refuses */
void touch_nothing(long count);
void write_read_only(long count);
void give_bad_address(long count);
void fail_nearby(long count);

/* stacks.c: known stacks */
void touch_seven_deep(long count);
void fill_seven_deep(long count);
void touch_deep(long depth);
void touch_distinct(long count);
void touch_in_threads(long count);
void touch_with_lost_frame(long count);

/* places.c: memory of each kind, and processes of each fate */
void map_named_file(const char *name);
void touch_kinds(long count);
void replace_mapping(long count);
void map_many(long count);
void spawn_children(long count);
void become_program(const char *name, char **arguments);

#endif
