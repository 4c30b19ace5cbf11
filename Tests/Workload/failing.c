/* Phases whose accesses the kernel refuses. */
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "workload.h"

static sigjmp_buf after_signal;

static void on_signal(int number)
{
	siglongjmp(after_signal, number);
}

/* So many writes, each of which ends in a signal. */
static void write_in_vain(volatile char *address, long count)
{
	volatile long done = 0;

	signal(SIGSEGV, on_signal);
	sigsetjmp(after_signal, 1);
	while (done < count) {
		done++;
		*address = 1;
	}
}

void touch_nothing(long count)
{
	write_in_vain((volatile char *)SEGV_BASE, count);
}

void write_read_only(long count)
{
	volatile char *memory = map_at(READONLY_BASE, 1, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)*memory;
	write_in_vain(memory, count);
}

/* The kernel writes its answer with a single store; copying would fall back to smaller steps, with a fault for each. */
static void give_address(int pipe, uintptr_t address)
{
	if (ioctl(pipe, FIONREAD, address) == 0 || errno != EFAULT)
		fail("expecting EFAULT");
}

void give_bad_address(long count)
{
	int ends[2];

	if (pipe(ends))
		fail("pipe");
	for (long i = 0; i < count; i++)
		give_address(ends[0], EFAULT_BASE + i * page);
	close(ends[0]);
	close(ends[1]);
}

void fail_nearby(long count)
{
	int ends[2];

	if (pipe(ends))
		fail("pipe");
	for (long i = 0; i < count; i++) {
		uintptr_t nothing = NEAR_BASE + ((uintptr_t)i << 16);
		volatile char *memory = fresh(nothing + page, 1);

		give_address(ends[0], nothing);
		*memory = 1;
	}
	close(ends[0]);
	close(ends[1]);
}
