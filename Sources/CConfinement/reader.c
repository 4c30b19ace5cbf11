#define _GNU_SOURCE
#include "CConfinement.h"
#include "capabilities.h"
#include "filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#ifndef CAP_CHECKPOINT_RESTORE /* out of CAP_SYS_ADMIN since 5.9 */
#define CAP_CHECKPOINT_RESTORE 40
#endif

/* Others' /proc/PID/{root,maps,exe}, files that only their owners may read, and kernel addresses in /proc/kallsyms. */
static const capabilities readers = CAPABILITY(CAP_SYS_PTRACE) | CAPABILITY(CAP_DAC_READ_SEARCH) | CAPABILITY(CAP_SYSLOG);

/* What opens /proc/PID/map_files, where removed files are. */
static capabilities map_files(void)
{
	return CAPABILITY(prctl(PR_CAPBSET_READ, CAP_CHECKPOINT_RESTORE) < 0 ? CAP_SYS_ADMIN : CAP_CHECKPOINT_RESTORE);
}

static int keep_capabilities(void)
{
	struct held_capabilities held;
	int result = capabilities_get(&held);

	if (result < 0)
		return result;
	held.permitted &= readers | map_files();
	held.effective = held.permitted;
	capabilities_bound(held.permitted); /* what root's program has when it begins anew */
	return capabilities_set(held);
}

#define WRITING (O_ACCMODE | O_CREAT | O_TRUNC)

static const struct allowed_call reading[] = {
	CALL(pread64), CALL(read), CALL_IF(openat, 2, WRITING, O_RDONLY), CALL(close), CALL(fstat), CALL(fstatfs), CALL(newfstatat), CALL(statx),
	CALL(lseek), CALL(readlinkat), CALL(faccessat),
#ifdef __NR_open
	CALL_IF(open, 1, WRITING, O_RDONLY), CALL(readlink), CALL(access), CALL(stat), CALL(lstat),
#endif
	/* the conversation, and a limit of time */
	CALL(recvfrom), CALL(sendto), CALL(write), CALL(writev), CALL(setitimer), CALL(clock_gettime),
	/* memory: what can be run cannot be written to */
	CALL_IF(mmap, 2, PROT_EXEC, 0), CALL_IF(mmap, 2, PROT_WRITE, 0), CALL_IF(mprotect, 2, PROT_EXEC, 0),
	CALL_IF(mprotect, 2, PROT_WRITE, 0), CALL(munmap), CALL(mremap), CALL(madvise), CALL(brk),
	/* the process, and its beginning anew */
	CALL(rt_sigaction), CALL(rt_sigprocmask), CALL(rt_sigreturn), CALL(sigaltstack), CALL_IF(tgkill, 2, 0xffffffff, SIGABRT),
	CALL(futex), CALL(getrandom), CALL(sysinfo), CALL(sched_getaffinity), CALL_IF(ioctl, 1, 0xffffffff, TCGETS), CALL(getpid),
	CALL(gettid), CALL(uname), CALL(execve), CALL_IF(prctl, 0, 0xffffffff, PR_SET_NAME), CALL_IF(prctl, 0, 0xffffffff, PR_SET_PDEATHSIG),
	CALL_IF(prctl, 0, 0xffffffff, PR_SET_NO_NEW_PRIVS), CALL(set_tid_address), CALL(set_robust_list), CALL(rseq), CALL(prlimit64),
	CALL(setpriority), CALL(restart_syscall), CALL(exit), CALL(exit_group),
#ifdef __NR_arch_prctl
	CALL(arch_prctl),
#endif
};

int confine_reader(void)
{
	int result = keep_capabilities();

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	return result < 0 ? result : filter_calls(reading, sizeof(reading) / sizeof(reading[0]), 0);
}
