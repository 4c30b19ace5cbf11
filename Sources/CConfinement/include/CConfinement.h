#ifndef FAULTLINE_CONFINEMENT_H
#define FAULTLINE_CONFINEMENT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Giving up rights: capabilities(7), PR_SET_NO_NEW_PRIVS and seccomp(2). What is given up does not come back, but for
 * confine_rest. As in the kernel, a failure is -errno.
 */

/* Puts all capabilities aside, until confine_wake takes them up again: what is done in between is done without. */
int confine_rest(void);
int confine_wake(void);

/* What a trace goes on to need. */
struct confine_needs {
	bool bpf;    /* it reads maps, and attaches programs on CPUs that come online */
	pid_t child; /* whom it may have to kill; zero: nobody */
};

/*
 * For who traces, once everything is attached: leaves the capabilities that the kernel, which is asked, wants for perf events, for
 * BPF's maps and for other processes' /proc, sets no_new_privs and the filter of system calls. A call that is not on its list ends
 * the process (SIGSYS). Returns -errno where the kernel has no such filter, the rest having been done.
 */
int confine_tracer(struct confine_needs needs);

/*
 * For who reads other programs' files: they are opened to be read alone, nothing is written to but what is open, nothing new is
 * connected, made, mounted, traced or signalled. The process can begin its program anew, and stays confined.
 */
int confine_reader(void);

#endif
