#define _GNU_SOURCE
#include "CSymbols.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define MEMORY_LIMIT (256u << 20)
#define FILE_SECONDS 10
#define NICENESS 10

static const char program[] = "/proc/self/exe";

/* ---- a file that breaks its reader ---- */

/* Ready before anything is read, because what handles the signal may not trust anything else any more. */
static char current_pid[16], current_file[PATH_MAX], current_device[24], current_inode[24];

static void begin_anew(int signal)
{
	const char *problem = signal == SIGALRM ? "it takes too long to read" : "it breaks what reads it";
	char *arguments[] = {
		"faultline-agent", "symbolise", (char *)problem, current_pid, current_file, current_device, current_inode, NULL,
	};
	char *environment[] = {NULL};

	if (current_file[0])
		execve(program, arguments, environment);
	_exit(1);
}

static void catch_signals(void)
{
	static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGALRM};
	static char stack[64 << 10];
	const stack_t own = {.ss_sp = stack, .ss_size = sizeof(stack)};
	struct sigaction action = {.sa_handler = begin_anew, .sa_flags = SA_ONSTACK | SA_NODEFER};
	sigset_t none;

	sigaltstack(&own, NULL);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &action, NULL);
	/* The handler's own signal is blocked where a handler began this program anew. */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

void symbol_begin(struct mapped_file file)
{
	const struct itimerval limit = {.it_value.tv_sec = FILE_SECONDS};

	snprintf(current_pid, sizeof(current_pid), "%u", file.pid);
	snprintf(current_file, sizeof(current_file), "%s", file.name);
	snprintf(current_device, sizeof(current_device), "%" PRIu64, file.device);
	snprintf(current_inode, sizeof(current_inode), "%" PRIu64, file.inode);
	setitimer(ITIMER_REAL, &limit, NULL);
}

void symbol_end(void)
{
	const struct itimerval never = {0};

	setitimer(ITIMER_REAL, &never, NULL);
	current_file[0] = 0;
}

/* ---- the process ---- */

static void limit(int resource, rlim_t value)
{
	const struct rlimit limit = {value, value};

	setrlimit(resource, &limit);
}

void symbol_confine(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	prctl(PR_SET_NAME, "faultline-names");
	setpriority(PRIO_PROCESS, 0, NICENESS);
	/* Counts memory that is written to (4.7+), and no files that are mapped to be read. */
	limit(RLIMIT_DATA, MEMORY_LIMIT);
	limit(RLIMIT_FSIZE, 0);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_NOFILE, 32);
	catch_signals();
}

/* What else is open closes by itself when a program begins. */
int symbol_spawn(int *socket, int *pid)
{
	char *arguments[] = {"faultline-agent", "symbolise", NULL}, *environment[] = {NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	int pair[2], error;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, pair[1], STDIN_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	error = posix_spawn(pid, program, &actions, &attributes, arguments, environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	close(pair[1]);
	if (error)
		close(pair[0]);
	else
		fcntl(pair[0], F_SETFL, O_NONBLOCK);
	*socket = pair[0];
	return -error;
}

/* ---- its conversation ---- */

bool symbol_read(void *bytes, size_t size)
{
	ssize_t got;

	for (size_t filled = 0; filled < size; filled += (size_t)got) {
		got = recv(STDIN_FILENO, (char *)bytes + filled, size - filled, 0);
		if (got <= 0)
			return false;
	}
	return true;
}

bool symbol_write(const void *bytes, size_t size)
{
	ssize_t sent;

	for (size_t done = 0; done < size; done += (size_t)sent) {
		sent = send(STDIN_FILENO, (const char *)bytes + done, size - done, MSG_NOSIGNAL);
		if (sent <= 0)
			return false;
	}
	return true;
}
