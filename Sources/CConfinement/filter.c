#define _GNU_SOURCE
#include "filter.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef __aarch64__
#define MACHINE AUDIT_ARCH_AARCH64
#else
#define MACHINE AUDIT_ARCH_X86_64
#endif

#ifndef SECCOMP_RET_KILL_PROCESS /* 4.14+; older kernels take it for SECCOMP_RET_KILL */
#define SECCOMP_RET_KILL_PROCESS 0x80000000U
#endif
#ifndef SECCOMP_FILTER_FLAG_SPEC_ALLOW
#define SECCOMP_FILTER_FLAG_SPEC_ALLOW (1UL << 2)
#endif

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define UNLESS(equal, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, equal, 0, skip)
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, action)

enum { INSTRUCTIONS_MAX = 1024, OF_A_CALL = 6, OF_THE_FRAME = 6 };

/* Both machines are little-endian: an argument's low half comes first. Each call's instructions leave its number where it was. */
static size_t put_call(struct sock_filter *to, const struct allowed_call *call)
{
	const struct sock_filter plain[] = { UNLESS(call->number, 1), RETURN(SECCOMP_RET_ALLOW) };
	const struct sock_filter tested[OF_A_CALL] = {
		UNLESS(call->number, 5),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args) + 8 * call->argument),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, call->mask),
		UNLESS(call->value, 1),
		RETURN(SECCOMP_RET_ALLOW),
		LOAD(nr),
	};
	size_t count = call->mask ? OF_A_CALL : sizeof(plain) / sizeof(plain[0]);

	for (size_t i = 0; i < count; i++)
		to[i] = call->mask ? tested[i] : plain[i];
	return count;
}

/* seccomp(2) came with 3.17, and SPEC_ALLOW with 4.17; prctl(2) does the same without. */
static int install(const struct sock_fprog *program, int trusts_itself)
{
	if (trusts_itself && syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, program) == 0)
		return 0;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program) ? -errno : 0;
}

/* Numbers of x32, which x86-64 kernels may have beside their own, are on no list. */
int filter_calls(const struct allowed_call *calls, size_t count, int trusts_itself)
{
	const struct sock_filter head[] = {
		LOAD(arch), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0), RETURN(SECCOMP_RET_KILL_PROCESS), LOAD(nr),
	};
	struct sock_filter code[INSTRUCTIONS_MAX];
	struct sock_fprog program = { .filter = code };

	if (count * OF_A_CALL + OF_THE_FRAME > INSTRUCTIONS_MAX)
		return -E2BIG;
	for (size_t i = 0; i < sizeof(head) / sizeof(head[0]); i++)
		code[program.len++] = head[i];
	for (size_t i = 0; i < count; i++)
		program.len += put_call(code + program.len, &calls[i]);
	code[program.len++] = (struct sock_filter)RETURN(SECCOMP_RET_KILL_PROCESS);
	return install(&program, trusts_itself);
}
