/*
 * A workload whose page faults are known before it runs: so many pages, at fixed addresses, each touched once.
 *
 *   faults [PHASE COUNT]...
 *
 *     write N    first write to N fresh pages from WRITE_BASE on
 *     read N     first read of N fresh pages from READ_BASE on
 *     kernel N   N fresh pages from KERNEL_BASE on that the kernel fills (read(2) from /dev/zero)
 *     cow N      N pages from COW_BASE on, read first and then written: N faults find no page, N one that is read-only
 *     segv N     N accesses that end in SIGSEGV, at SEGV_BASE
 *     again N    write 64 pages from AGAIN_BASE on over and over until N faults are made
 *     fork N     the phases after it are run by N children at once, and not by the parent
 *     uid N      the phases after it run as user N
 *     name N     the phases after it run under the name faults-N
 *     sleep N    waits N milliseconds
 *     wait 0     waits for a line on standard input
 *
 *   faults programs 0   prints the ids of the BPF programs that are loaded
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Below 2^38, so that they are free with the 39 bits of address that phones give a process. */
#define WRITE_BASE 0x2000000000UL
#define READ_BASE 0x2100000000UL
#define KERNEL_BASE 0x2200000000UL
#define COW_BASE 0x2300000000UL
#define SEGV_BASE 0x2400000000UL
#define AGAIN_BASE 0x2500000000UL

static size_t page;

static void fail(const char *what)
{
	fprintf(stderr, "faults: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Fresh pages, small ones alone: a huge page would take many touches in one fault. */
static volatile char *fresh(uintptr_t base, size_t pages)
{
	void *memory = mmap((void *)base, pages * page, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0);

	if (memory == MAP_FAILED)
		fail("mmap");
	madvise(memory, pages * page, MADV_NOHUGEPAGE);
	return memory;
}

static void write_pages(long count)
{
	volatile char *memory = fresh(WRITE_BASE, count);

	for (long i = 0; i < count; i++)
		memory[i * page] = 1;
}

static void read_pages(long count)
{
	volatile char *memory = fresh(READ_BASE, count);

	for (long i = 0; i < count; i++)
		(void)memory[i * page];
}

static void fill_pages(long count)
{
	volatile char *memory = fresh(KERNEL_BASE, count);
	int zero = open("/dev/zero", O_RDONLY);

	for (long i = 0; i < count; i++)
		if (read(zero, (void *)(memory + i * page), 1) != 1)
			fail("/dev/zero");
	close(zero);
}

static void copy_pages(long count)
{
	volatile char *memory = fresh(COW_BASE, count);

	for (long i = 0; i < count; i++)
		(void)memory[i * page];
	for (long i = 0; i < count; i++)
		memory[i * page] = 1;
}

static sigjmp_buf after_signal;

static void on_signal(int number)
{
	siglongjmp(after_signal, number);
}

static void fail_accesses(long count)
{
	volatile long done = 0;

	signal(SIGSEGV, on_signal);
	sigsetjmp(after_signal, 1);
	while (done < count) {
		done++;
		*(volatile char *)SEGV_BASE = 1;
	}
}

static void write_again(long count)
{
	const long batch = 64;
	volatile char *memory = fresh(AGAIN_BASE, batch);

	for (long i = 0; i < count; i++) {
		if (i && i % batch == 0)
			madvise((void *)memory, batch * page, MADV_DONTNEED);
		memory[i % batch * page] = 1;
	}
}

static void sleep_ms(long ms)
{
	struct timespec time = {ms / 1000, ms % 1000 * 1000000};

	nanosleep(&time, NULL);
}

static void rename_to(long number)
{
	char name[16];

	snprintf(name, sizeof(name), "faults-%ld", number);
	prctl(PR_SET_NAME, name);
}

/* Returns in the children alone; the parent waits for them and ends. */
static void become_children(long count)
{
	int status, worst = 0;

	for (long i = 0; i < count; i++)
		if (fork() == 0)
			return;
	while (wait(&status) > 0)
		worst |= status;
	exit(worst ? 1 : 0);
}

static void print_programs(void)
{
	union bpf_attr attributes = {};

	while (syscall(SYS_bpf, BPF_PROG_GET_NEXT_ID, &attributes, sizeof(attributes)) == 0) {
		printf("%u\n", attributes.next_id);
		attributes.start_id = attributes.next_id;
	}
}

static void run(const char *phase, long count)
{
	if (!strcmp(phase, "write")) write_pages(count);
	else if (!strcmp(phase, "read")) read_pages(count);
	else if (!strcmp(phase, "kernel")) fill_pages(count);
	else if (!strcmp(phase, "cow")) copy_pages(count);
	else if (!strcmp(phase, "segv")) fail_accesses(count);
	else if (!strcmp(phase, "again")) write_again(count);
	else if (!strcmp(phase, "fork")) become_children(count);
	else if (!strcmp(phase, "uid")) { if (setuid(count)) fail("setuid"); }
	else if (!strcmp(phase, "name")) rename_to(count);
	else if (!strcmp(phase, "sleep")) sleep_ms(count);
	else if (!strcmp(phase, "wait")) (void)getchar();
	else if (!strcmp(phase, "programs")) print_programs();
	else { fprintf(stderr, "faults: there is no phase '%s'\n", phase); exit(2); }
}

int main(int argc, char **argv)
{
	page = sysconf(_SC_PAGESIZE);
	for (int i = 1; i + 1 < argc; i += 2)
		run(argv[i], strtol(argv[i + 1], NULL, 0));
	return 0;
}
