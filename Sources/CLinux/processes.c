#define _GNU_SOURCE
#include "linux_shims.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/*
 * vfork(2), because the child then has the agent's stack and faults nowhere before its exec: posix_spawn(3) gives it a new one, whose
 * first touch would be the trace's first event.
 */
int linux_spawn(char *const *arguments, pid_t *pid)
{
	volatile int error = 0; /* the child's and ours: the memory is shared */
	sigset_t none;

	sigemptyset(&none);
	*pid = vfork();
	if (*pid == 0) {
		signal(SIGPIPE, SIG_DFL);
		sigprocmask(SIG_SETMASK, &none, NULL);
		if (dup2(STDERR_FILENO, STDOUT_FILENO) >= 0)
			execvp(arguments[0], arguments);
		error = errno;
		_exit(127);
	}
	if (*pid < 0)
		return -errno;
	if (error)
		waitpid(*pid, NULL, 0);
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

/* A process's CPU clock has the number ~pid << 3 | CPUCLOCK_SCHED (include/linux/posix-timers_types.h; clock_getcpuclockid(3)). */
int64_t linux_process_cpu_ns(uint32_t pid)
{
	/* Of a greater id, which no process has, the topmost bits would fall off. PID_MAX_LIMIT (include/linux/threads.h). */
	const uint32_t greatest = 4194304;
	struct timespec time;

	if (pid > greatest)
		return -ESRCH;
	if (clock_gettime((clockid_t)(~pid << 3 | 2), &time) != 0)
		return -errno;
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* proc(5): a thread that leads none has a folder too, which is not listed. */
bool linux_thread_exists(uint32_t tid)
{
	char folder[32];

	snprintf(folder, sizeof(folder), "/proc/%u", tid);
	return access(folder, F_OK) == 0;
}

size_t linux_processes(uint32_t *pids, size_t room)
{
	DIR *folder = opendir("/proc");
	struct dirent *entry;
	size_t count = 0;

	while (folder && count < room && (entry = readdir(folder)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			pids[count++] = strtoul(entry->d_name, NULL, 10);
	if (folder)
		closedir(folder);
	return count;
}

/* The first namespace has a fixed number: PROC_PID_INIT_INO (include/linux/proc_ns.h). There is no such file without CONFIG_PID_NS. */
int linux_in_pid_namespace(void)
{
	struct stat own;

	return stat("/proc/self/ns/pid", &own) == 0 && own.st_ino != 0xeffffffcu;
}

pid_t linux_pid(void) { return getpid(); }
pid_t linux_parent_pid(void) { return getppid(); }
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

/* "pid (name) state parent ...", of which the 22nd is when it began, in hundredths of a second since the boot (proc(5)). */
static int read_stat(uint32_t pid, struct linux_process *process)
{
	char text[1024], *name, *end, *next;
	size_t length;

	if (read_of_thread(pid, "stat", text, sizeof(text)) <= 0)
		return -ESRCH;
	name = strchr(text, '(');
	end = strrchr(text, ')');
	if (!name || !end || end < name || strlen(end) < 4)
		return -EIO;
	length = end - name - 1;
	memcpy(process->name, name + 1, length < 15 ? length : 15);
	process->parent = strtoul(end + 4, &next, 10);
	for (int field = 5; field < 22 && *next; field++)
		next = strchr(next + 1, ' ') ?: "";
	process->born_ns = strtoull(next, NULL, 10) * (1000000000 / sysconf(_SC_CLK_TCK));
	return 0;
}

/* Whoever writes a title of its own leaves zeros behind it. */
static void read_command_line(uint32_t pid, char *text, size_t size)
{
	ssize_t got = read_of_thread(pid, "cmdline", text, size);

	while (got > 0 && (text[got - 1] == 0 || text[got - 1] == ' '))
		text[--got] = 0;
	for (ssize_t i = 0; i < got; i++)
		if (text[i] == 0)
			text[i] = ' ';
}

int linux_process(uint32_t pid, struct linux_process *process)
{
	char path[32];
	int64_t user;

	memset(process, 0, sizeof(*process));
	user = linux_thread_user(pid);
	if (user < 0 || read_stat(pid, process) < 0)
		return -ESRCH;
	process->user = (uint32_t)user;
	read_command_line(pid, process->command_line, sizeof(process->command_line));
	snprintf(path, sizeof(path), "/proc/%u/exe", pid);
	if (readlink(path, process->executable, sizeof(process->executable) - 1) < 0)
		process->executable[0] = 0;
	return 0;
}
