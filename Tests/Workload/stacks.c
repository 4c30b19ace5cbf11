/*
 * Phases whose faults have known stacks. This file's functions keep frame pointers and make their calls as they stand, as code does that
 * is built with -fno-omit-frame-pointer. They call nothing that does not before a fault.
 */
#pragma GCC optimize("no-omit-frame-pointer,no-optimize-sibling-calls,no-shrink-wrap,no-ipa-icf")
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "workload.h"

#define LEVEL __attribute__((noinline, noclone))

/* Keeps a call from being moved, or from being the last thing that a function does. */
#define STAY asm volatile("" ::: "memory")

static void write_to(volatile char *at)
{
	*at = 1;
}

/* read(2) without the C library's function, which keeps no frame. */
static inline __attribute__((always_inline)) long raw_read(int file, volatile char *at)
{
#if defined(__x86_64__)
	register long result asm("rax") = SYS_read;
	register long first asm("rdi") = file;
	register volatile char *second asm("rsi") = at;
	register long third asm("rdx") = 1;

	asm volatile("syscall" : "+r"(result) : "r"(first), "r"(second), "r"(third) : "rcx", "r11", "memory");
	return result;
#elif defined(__aarch64__)
	register long number asm("x8") = SYS_read;
	register long first asm("x0") = file;
	register volatile char *second asm("x1") = at;
	register long third asm("x2") = 1;

	asm volatile("svc 0" : "+r"(first) : "r"(number), "r"(second), "r"(third) : "memory");
	return first;
#endif
}

/* ---- seven functions deep ---- */

/* Where each of them returns to, the innermost first. */
static void *returns[7];

struct touch {
	volatile char *at;
	int zero; /* a descriptor of /dev/zero: the kernel touches it; or -1 */
};

static LEVEL void seventh(struct touch touch)
{
	returns[0] = __builtin_return_address(0);
	if (touch.zero < 0)
		*touch.at = 1;
	else if (raw_read(touch.zero, touch.at) != 1)
		fail("/dev/zero");
}

#define CALLS(name, place, next)                                   \
	static LEVEL void name(struct touch touch)                 \
	{                                                          \
		returns[place] = __builtin_return_address(0);      \
		next(touch);                                       \
		STAY;                                              \
	}

CALLS(sixth, 1, seventh)
CALLS(fifth, 2, sixth)
CALLS(fourth, 3, fifth)
CALLS(third, 4, fourth)
CALLS(second, 5, third)
CALLS(first, 6, second)

static void print_returns(void)
{
	fputs("returns", stdout);
	for (int i = 0; i < 7; i++)
		printf(" %p", returns[i]);
	puts("");
	fflush(stdout);
}

void touch_seven_deep(long count)
{
	volatile char *memory = fresh(SEVEN_BASE, count);

	for (long i = 0; i < count; i++)
		first((struct touch){memory + i * page, -1});
	print_returns();
}

void fill_seven_deep(long count)
{
	volatile char *memory = fresh(SEVENKERNEL_BASE, count);
	int zero = open("/dev/zero", O_RDONLY);

	for (long i = 0; i < count; i++)
		first((struct touch){memory + i * page, zero});
	print_returns();
	close(zero);
}

/* ---- as deep as you like ---- */

static LEVEL void descend(volatile char *at, long depth)
{
	if (depth == 0)
		write_to(at);
	else
		descend(at, depth - 1);
	STAY;
}

void touch_deep(long depth)
{
	descend(fresh(DEEP_BASE, 1), depth);
}

/* ---- as many stacks as you like ---- */

/* Each call's return address says which of the two made it. */
static LEVEL void odd_turn(volatile char *at, unsigned long way, int left);
static LEVEL void even_turn(volatile char *at, unsigned long way, int left)
{
	if (left == 0)
		write_to(at);
	else
		(way & 1 ? odd_turn : even_turn)(at, way >> 1, left - 1);
	STAY;
}

static LEVEL void odd_turn(volatile char *at, unsigned long way, int left)
{
	if (left == 0)
		write_to(at);
	else
		(way & 1 ? odd_turn : even_turn)(at, way >> 1, left - 1);
	STAY;
}

void touch_distinct(long count)
{
	volatile char *memory = fresh(DISTINCT_BASE, count);

	for (long i = 0; i < count; i++) {
		if (i % 100 == 99)
			usleep(2000);
		even_turn(memory + i * page, i, 16);
	}
}

/* ---- two threads ---- */

static void *touch_alone(void *memory)
{
	for (long i = 0; i < THREAD_PAGES; i++)
		first((struct touch){(volatile char *)memory + i * page, -1});
	return NULL;
}

void touch_in_threads(long count)
{
	pthread_t threads[16];

	for (long i = 0; i < count && i < 16; i++)
		if (pthread_create(&threads[i], NULL, touch_alone, (void *)fresh(THREADS_BASE + i * THREAD_PAGES * page, THREAD_PAGES)))
			fail("pthread_create");
	for (long i = 0; i < count && i < 16; i++)
		pthread_join(threads[i], NULL);
	print_returns();
}

/* ---- a stack that is not there ---- */

/* Whoever walks the stack meanwhile looks at `frame`. */
static LEVEL void touch_below(volatile char *at, volatile char *frame)
{
#if defined(__x86_64__)
	asm volatile("mov %%rbp, %%r11; mov %1, %%rbp; movb $1, (%0); mov %%r11, %%rbp" ::"r"(at), "r"(frame) : "r11", "memory");
#elif defined(__aarch64__)
	asm volatile("mov x9, x29; mov x29, %1; strb wzr, [%0]; mov x29, x9" ::"r"(at), "r"(frame) : "x9", "memory");
#endif
}

void touch_with_lost_frame(long count)
{
	volatile char *memory = fresh(LOSTFRAME_BASE, count);
	volatile char *frames = fresh(FRAMES_BASE, count);

	for (long i = 0; i < count; i++)
		touch_below(memory + i * page, frames + i * page);
}
