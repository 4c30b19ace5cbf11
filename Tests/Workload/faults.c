/*
 * A workload whose page faults are known before it runs: so many pages, at fixed addresses, each touched once.
 *
 *   faults [PHASE COUNT]...
 *
 *     write N     first write to N fresh pages from WRITE_BASE on
 *     read N      first read of N fresh pages from READ_BASE on
 *     kernel N    N fresh pages from KERNEL_BASE on that the kernel fills (read(2) from /dev/zero)
 *     cow N       N pages from COW_BASE on, read first and then written: N faults find no page, N one that is read-only
 *     shared N    first write to N pages from SHARED_BASE on, of memory that processes share
 *     stack N     N pages from STACK_BASE on, the highest first, onto which a stack grows
 *     exec N      the first instruction of each of N pages of a file in memory, every second page from EXEC_BASE on
 *     warmfile N  the same with reads, from WARM_BASE on
 *     coldfile N  first read of N pages from COLD_BASE on, of a file that is on disk and not in memory: major faults
 *     swap N      N pages from SWAP_BASE on, written, swapped out and read: N minor faults and N major ones
 *     segv N      N writes to SEGV_BASE, where nothing is mapped, that end in SIGSEGV
 *     readonly N  a read at READONLY_BASE and N writes there that end in SIGSEGV
 *     efault N    N system calls with addresses from EFAULT_BASE on, where nothing is mapped: the kernel's faults end in EFAULT
 *     seven N     first write to N pages from SEVEN_BASE on by the innermost of seven functions; prints where these return to
 *     sevenkernel N  the same where the innermost has the kernel fill the page, from SEVENKERNEL_BASE on
 *     deep N      first write to DEEP_BASE under N + 1 frames of one function
 *     distinct N  first write to N pages from DISTINCT_BASE on, each under a stack of its own, up to 65536,
 *                 with a rest of a millisecond after each hundred
 *     threads N   like seven, in N threads at once with 500 pages each, from THREADS_BASE on
 *     lostframe N first write to N pages from LOSTFRAME_BASE on while the frame pointer is at a page from FRAMES_BASE on that is not there
 *     file NAME   a read of the second page of a new file of that name, 16 MiB further from FILES_BASE on with each
 *     kinds 0     a touch of memory of each kind: a deleted file, memfd, System V's and named memory 16 MiB apart from KINDS_BASE on,
 *                 and somewhere heap, stack, another thread's stack and vdso
 *     replace N   N times a read at REPLACED_BASE, of a new file each time: FOLDER/replaced.0, FOLDER/replaced.1, ...
 *     many N      a write to each of N mappings of one page, every second page from MANY_BASE on
 *     spawn N     N times a child that runs this program again, touches one page at WRITE_BASE and ends
 *     remove FILE removes a file
 *     program NAME  goes on as a copy of this program of that name, with the phases after it
 *     near N      N pairs from NEAR_BASE on, 64 KiB apart: a system call that ends in EFAULT, and a first write to the page behind
 *     again N     write 64 pages from AGAIN_BASE on over and over until N faults are made
 *     slow N      first read of N pages from SLOW_BASE on, each of which takes 100 ms and more
 *     in FOLDER   the files of the phases after it lie there; for coldfile that must be on a disk (/tmp unless told)
 *     fork N      the phases after it are run by N children at once, and not by the parent
 *     thread 0    the phases after it are run by another thread, and once more by this one when that has ended
 *     uid N       the phases after it run as user N
 *     name N      the phases after it run under the name faults-N
 *     sleep N     waits N milliseconds
 *     wait 0      waits for a line on standard input
 *
 *   faults programs 0   prints the ids of the BPF programs that are loaded
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/bpf.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "workload.h"

size_t page;

void fail(const char *what)
{
	fprintf(stderr, "faults: %s: %s\n", what, strerror(errno));
	exit(1);
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

static char **rest; /* the phases that come after the one that runs */

static void run_all(char **arguments);

static void *run_rest(void *arguments)
{
	run_all(arguments);
	return NULL;
}

static void become_two_threads(long unused)
{
	pthread_t other;

	(void)unused;
	if (pthread_create(&other, NULL, run_rest, rest) || pthread_join(other, NULL))
		fail("pthread");
}

static void print_programs(long unused)
{
	union bpf_attr attributes = {};

	(void)unused;
	while (syscall(SYS_bpf, BPF_PROG_GET_NEXT_ID, &attributes, sizeof(attributes)) == 0) {
		printf("%u\n", attributes.next_id);
		attributes.start_id = attributes.next_id;
	}
}

static void become_user(long user)
{
	if (setuid(user))
		fail("setuid");
}

static void await_line(long unused)
{
	(void)unused;
	(void)getchar();
}

static const struct {
	const char *name;
	void (*run)(long count);
} phases[] = {
	{"write", write_pages}, {"read", read_pages}, {"kernel", fill_pages}, {"cow", copy_pages},
	{"shared", share_pages}, {"stack", grow_stack}, {"swap", swap_pages}, {"again", write_again},
	{"exec", execute_pages}, {"warmfile", map_warm_file}, {"coldfile", map_cold_file},
	{"slow", wait_for_pages}, {"thread", become_two_threads}, {"segv", touch_nothing}, {"readonly", write_read_only},
	{"efault", give_bad_address}, {"near", fail_nearby}, {"kinds", touch_kinds}, {"replace", replace_mapping}, {"many", map_many}, {"spawn", spawn_children},
	{"fork", become_children}, {"uid", become_user}, {"name", rename_to}, {"sleep", sleep_ms},
	{"seven", touch_seven_deep}, {"sevenkernel", fill_seven_deep}, {"deep", touch_deep}, {"distinct", touch_distinct},
	{"threads", touch_in_threads}, {"lostframe", touch_with_lost_frame}, {"wait", await_line}, {"programs", print_programs},
};

static int run_with_name(const char *phase, char **arguments)
{
	if (!strcmp(phase, "in"))
		make_files_in(arguments[0]);
	else if (!strcmp(phase, "file"))
		map_named_file(arguments[0]);
	else if (!strcmp(phase, "remove"))
		unlink(arguments[0]);
	else if (!strcmp(phase, "program"))
		become_program(arguments[0], arguments + 1);
	else
		return 0;
	return 1;
}

static void run(const char *phase, const char *argument)
{
	for (size_t i = 0; i < sizeof(phases) / sizeof(phases[0]); i++)
		if (!strcmp(phase, phases[i].name)) {
			phases[i].run(strtol(argument, NULL, 0));
			return;
		}
	fprintf(stderr, "faults: there is no phase '%s'\n", phase);
	exit(2);
}

static void run_all(char **arguments)
{
	for (; arguments[0] && arguments[1]; arguments += 2) {
		rest = arguments + 2;
		if (!run_with_name(arguments[0], arguments + 1))
			run(arguments[0], arguments[1]);
	}
}

int main(int argc, char **argv)
{
	(void)argc;
	page = sysconf(_SC_PAGESIZE);
	run_all(argv + 1);
	return 0;
}
