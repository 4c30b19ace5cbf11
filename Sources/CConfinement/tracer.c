#define _GNU_SOURCE
#include "CConfinement.h"
#include "capabilities.h"
#include "filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef CAP_PERFMON /* with CAP_BPF out of CAP_SYS_ADMIN since 5.8 */
#define CAP_PERFMON 38
#define CAP_BPF 39
#endif

/* ---- capabilities ---- */

/* Others' /proc/PID/{maps,exe}, and what only its owner may read there and in /data/system; rings where locked memory is counted. */
static const capabilities readers = CAPABILITY(CAP_SYS_PTRACE) | CAPABILITY(CAP_DAC_READ_SEARCH) | CAPABILITY(CAP_IPC_LOCK);

static bool is_refusal(long result) { return result < 0 && (errno == EPERM || errno == EACCES); }

/* The kernel asks for the right first, and only then finds that there is no such map or program. */
static bool is_refused_bpf(void)
{
	static const int commands[] = { BPF_MAP_LOOKUP_ELEM, BPF_LINK_CREATE };
	union bpf_attr attributes;

	memset(&attributes, 0, sizeof(attributes));
	attributes.map_fd = (uint32_t)-1;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (is_refusal(syscall(__NR_bpf, commands[i], &attributes, sizeof(attributes))))
			return true;
	return false;
}

/* perf_event_paranoid has levels at which CAP_PERFMON is not enough. */
static bool is_refused_perf(void)
{
	struct perf_event_attr attributes = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attributes),
		.config = PERF_COUNT_SW_PAGE_FAULTS,
		.sample_period = 1,
		.disabled = 1,
	};
	int event = (int)syscall(__NR_perf_event_open, &attributes, -1, sched_getcpu(), -1, PERF_FLAG_FD_CLOEXEC);
	bool refused = is_refusal(event);

	if (event >= 0)
		close(event);
	return refused;
}

/* What the kernel lets this process do. */
struct abilities {
	bool perf;
	bool bpf;
};

/* Does without one capability if nothing is lost with it. */
static void try_without(capabilities spare, struct held_capabilities *held, struct abilities needed)
{
	const struct held_capabilities before = *held;

	held->effective &= ~spare;
	if (capabilities_set(*held) < 0 || (needed.perf && is_refused_perf()) || (needed.bpf && is_refused_bpf()))
		*held = before;
	else
		held->permitted = held->effective;
	capabilities_set(*held);
}

static int keep_capabilities(struct confine_needs needs)
{
	capabilities kept = readers | CAPABILITY(CAP_SYS_ADMIN) | CAPABILITY(CAP_PERFMON) | (needs.bpf ? CAPABILITY(CAP_BPF) : 0) |
			    (needs.child ? CAPABILITY(CAP_KILL) : 0);
	struct held_capabilities held;
	struct abilities needed;
	int result = capabilities_get(&held);

	if (result < 0)
		return result;
	capabilities_bound(0);
	held.permitted &= kept;
	held.effective = held.permitted;
	result = capabilities_set(held);
	needed = (struct abilities){ .perf = !is_refused_perf(), .bpf = needs.bpf && !is_refused_bpf() };
	try_without(CAPABILITY(CAP_SYS_ADMIN), &held, needed);
	try_without(CAPABILITY(CAP_BPF), &held, needed);
	try_without(CAPABILITY(CAP_PERFMON), &held, needed);
	return result;
}

/* ---- system calls ---- */

/* What opens a file to write to it, or makes one. */
#define WRITING (O_ACCMODE | O_CREAT | O_TRUNC)

/* _IOC_TYPE of PERF_EVENT_IOC_*. */
#define IOCTL_TYPE 0xff00u
#define PERF_IOCTL ('$' << 8)

#define CHILD_PLACE 0

/* The frequent ones first. */
static const struct allowed_call tracing[] = {
	CALL_IF(kill, 0, 0xffffffff, 0), /* CHILD_PLACE */
	CALL_IF(bpf, 0, 0xffffffff, BPF_MAP_LOOKUP_ELEM),
	CALL(sendto), CALL(recvfrom), CALL(epoll_pwait), CALL(clock_gettime), CALL(clock_getres),
#ifdef __NR_epoll_wait
	CALL(epoll_wait),
#endif
	/* maps, and programs for CPUs that come online */
	CALL_IF(bpf, 0, 0xffffffff, BPF_MAP_GET_NEXT_KEY), CALL_IF(bpf, 0, 0xffffffff, BPF_MAP_UPDATE_ELEM),
	CALL_IF(bpf, 0, 0xffffffff, BPF_MAP_DELETE_ELEM), CALL_IF(bpf, 0, 0xffffffff, BPF_LINK_CREATE),
	CALL(perf_event_open), CALL_IF(ioctl, 1, IOCTL_TYPE, PERF_IOCTL),
	/* /proc, /sys and packages, to be read; what is open already can be written to */
	CALL_IF(openat, 2, WRITING, O_RDONLY), CALL(read), CALL(pread64), CALL(readv), CALL(write), CALL(writev), CALL(close),
	CALL(lseek), CALL(fstat), CALL(newfstatat), CALL(statx), CALL(readlinkat), CALL(faccessat), CALL(getdents64),
	CALL(fstatfs), CALL(fdatasync),
#ifdef __NR_open
	CALL_IF(open, 1, WRITING, O_RDONLY), CALL(readlink), CALL(access), CALL(stat), CALL(lstat), CALL(getdents),
#endif
	/* connections and waiting */
	CALL(accept4), CALL(shutdown), CALL(setsockopt), CALL(epoll_ctl), CALL(nanosleep), CALL(clock_nanosleep), CALL(restart_syscall),
	/* memory, in which nothing can be run */
	CALL_IF(mmap, 2, PROT_EXEC, 0), CALL_IF(mprotect, 2, PROT_EXEC, 0), CALL(munmap), CALL(mremap), CALL(madvise), CALL(brk),
	/* the process */
	CALL(wait4), CALL(rt_sigprocmask), CALL(rt_sigreturn), CALL(futex), CALL(sched_yield), CALL(sched_getaffinity), CALL(getrandom),
	CALL(sysinfo), CALL(fcntl), CALL(getpid), CALL(gettid), CALL(uname), CALL(gettimeofday), CALL(exit), CALL(exit_group),
};

static int filter_tracing(pid_t child)
{
	enum { COUNT = sizeof(tracing) / sizeof(tracing[0]) };
	struct allowed_call calls[COUNT];

	memcpy(calls, tracing, sizeof(tracing));
	calls[CHILD_PLACE].value = (uint32_t)child;
	return filter_calls(child ? calls : calls + 1, child ? COUNT : COUNT - 1, 1);
}

int confine_tracer(struct confine_needs needs)
{
	int result = keep_capabilities(needs);

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	return result < 0 ? result : filter_tracing(needs.child);
}
