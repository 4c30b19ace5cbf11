// SPDX-License-Identifier: Apache-2.0
/*
 * Usage: without-seccomp PROGRAM [ARGUMENT...]. Runs a program as on a kernel without seccomp. A checker like valgrind makes system calls of
 * its own inside the program, which the program's filter would not let pass.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define WORD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define UNLESS(value, skipped) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skipped)
#define ANSWER(value) BPF_STMT(BPF_RET | BPF_K, value)

int main(int argc, char **argv)
{
	struct sock_filter steps[] = {
		WORD(nr),
		UNLESS(SYS_seccomp, 1),
		ANSWER(SECCOMP_RET_ERRNO | ENOSYS),
		UNLESS(SYS_prctl, 3),
		WORD(args[0]),
		UNLESS(PR_SET_SECCOMP, 1),
		ANSWER(SECCOMP_RET_ERRNO | EINVAL),
		ANSWER(SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = {sizeof(steps) / sizeof(*steps), steps};

	if (argc < 2)
		return 2;
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter)) {
		perror("without-seccomp");
		return 1;
	}
	execvp(argv[1], argv + 1);
	perror(argv[1]);
	return 1;
}
