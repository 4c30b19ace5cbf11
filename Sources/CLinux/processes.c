#define _GNU_SOURCE
#include "linux_shims.h"

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int linux_spawn(char *const *arguments, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, defaults;
	int error;

	sigemptyset(&none);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	error = posix_spawnp(pid, arguments[0], &actions, &attributes, arguments, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return -error;
}

int linux_reap(pid_t pid, struct linux_child_end *end)
{
	struct rusage usage;
	int status;
	pid_t reaped = wait4(pid, &status, WNOHANG, &usage);

	if (reaped != pid)
		return reaped < 0 ? -errno : 0;
	end->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	end->minor_faults = usage.ru_minflt;
	end->major_faults = usage.ru_majflt;
	return 1;
}

void linux_end_child(pid_t pid)
{
	const struct timespec pause = {0, 5000000};

	kill(pid, SIGTERM);
	for (int i = 0; i < 100; i++) {
		if (waitpid(pid, NULL, WNOHANG) != 0)
			return;
		nanosleep(&pause, NULL);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

pid_t linux_pid(void) { return getpid(); }
int linux_cpu_count(void) { return (int)sysconf(_SC_NPROCESSORS_ONLN); }
int linux_page_size(void) { return (int)sysconf(_SC_PAGESIZE); }
void linux_raise_priority(void) { setpriority(PRIO_PROCESS, 0, -20); }

uint64_t linux_resident_bytes(pid_t pid)
{
	char text[128] = "", path[32];
	char *next = text;

	snprintf(path, sizeof(path), "/proc/%d/statm", pid);
	if (linux_read_file(path, text, sizeof(text) - 1) <= 0)
		return 0;
	strtoull(text, &next, 10);
	return strtoull(next, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE);
}

static ssize_t read_of_thread(uint32_t tid, const char *file, char *text, size_t size)
{
	char path[32];
	ssize_t got;

	snprintf(path, sizeof(path), "/proc/%u/%s", tid, file);
	got = linux_read_file(path, text, size - 1);
	text[got > 0 ? got : 0] = 0;
	return got;
}

int linux_thread_name(uint32_t tid, char name[16])
{
	char text[32] = "";
	ssize_t got = read_of_thread(tid, "comm", text, sizeof(text));

	if (got <= 0)
		return got ? (int)got : -ESRCH;
	text[got - 1] = 0; /* the line's end */
	memcpy(name, text, 16);
	return 0;
}

int64_t linux_thread_user(uint32_t tid)
{
	char text[1024], *line;

	if (read_of_thread(tid, "status", text, sizeof(text)) <= 0)
		return -ESRCH;
	line = strstr(text, "\nUid:");
	return line ? (int64_t)strtoul(line + 5, NULL, 10) : -EIO;
}
