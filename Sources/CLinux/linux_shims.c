#define _GNU_SOURCE
#include "linux_shims.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define OR_ERRNO(call) ({ __typeof__(call) result_ = (call); result_ < 0 ? -errno : result_; })

const char *linux_error_name(int error)
{
	const char *name = strerrorname_np(error);

	return name ? name : "error";
}

int linux_last_error(void) { return errno; }

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

uint64_t linux_monotonic_ns(void) { return clock_ns(CLOCK_MONOTONIC); }
uint64_t linux_boottime_ns(void) { return clock_ns(CLOCK_BOOTTIME); }
uint64_t linux_realtime_ns(void) { return clock_ns(CLOCK_REALTIME); }

int linux_open_page_faults(int cpu)
{
	struct perf_event_attr attributes = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attributes),
		.config = PERF_COUNT_SW_PAGE_FAULTS,
		.sample_period = 1,
		.sample_type = PERF_SAMPLE_ADDR, /* has the kernel hand the address to the program */
		.disabled = 1,
	};

	return OR_ERRNO((int)syscall(SYS_perf_event_open, &attributes, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC));
}

const struct perf_event_attr *linux_bpf_output_attributes(uint32_t watermark)
{
	static struct perf_event_attr attributes;

	attributes = (struct perf_event_attr){
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attributes),
		.config = PERF_COUNT_SW_BPF_OUTPUT,
		.sample_period = 1,
		.sample_type = PERF_SAMPLE_RAW,
		.watermark = 1,
		.wakeup_watermark = watermark,
	};
	return &attributes;
}

static socklen_t parse_address(const char *text, uint16_t port, struct sockaddr_storage *address)
{
	struct sockaddr_in *v4 = (void *)address;
	struct sockaddr_in6 *v6 = (void *)address;

	memset(address, 0, sizeof(*address));
	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		return sizeof(*v4);
	}
	if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(port);
		return sizeof(*v6);
	}
	return 0;
}

static int bound_port(int fd, uint16_t *port)
{
	struct sockaddr_storage address;
	socklen_t length = sizeof(address);

	if (getsockname(fd, (void *)&address, &length) < 0)
		return -errno;
	*port = ntohs(address.ss_family == AF_INET ? ((struct sockaddr_in *)&address)->sin_port
						   : ((struct sockaddr_in6 *)&address)->sin6_port);
	return fd;
}

int linux_listen(const char *text, uint16_t *port)
{
	struct sockaddr_storage address;
	socklen_t length = parse_address(text, *port, &address);
	int on = 1, fd, error;

	if (!length)
		return -EINVAL;
	fd = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (void *)&address, length) < 0 || listen(fd, 4) < 0) {
		error = -errno;
		close(fd);
		return error;
	}
	return bound_port(fd, port);
}

int linux_accept(int listener)
{
	int on = 1, fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return -errno;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return fd;
}

ssize_t linux_receive(int socket, void *bytes, size_t size) { return OR_ERRNO(recv(socket, bytes, size, 0)); }

ssize_t linux_send(int socket, const void *bytes, size_t size)
{
	return OR_ERRNO(send(socket, bytes, size, MSG_NOSIGNAL));
}

int linux_epoll(void) { return OR_ERRNO(epoll_create1(EPOLL_CLOEXEC)); }

int linux_watch(int epoll, int fd, bool edge)
{
	struct epoll_event event = {.events = edge ? EPOLLIN | EPOLLET : EPOLLIN, .data.fd = fd};

	return OR_ERRNO(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
}

int linux_watch_writable(int epoll, int fd, bool writable)
{
	struct epoll_event event = {.events = writable ? EPOLLIN | EPOLLOUT : EPOLLIN, .data.fd = fd};

	return OR_ERRNO(epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event));
}

int linux_unwatch(int epoll, int fd) { return OR_ERRNO(epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL)); }

int linux_wait(int epoll, int timeout_ms, int ready[16])
{
	struct epoll_event events[16];
	int count = epoll_wait(epoll, events, 16, timeout_ms);

	if (count < 0)
		return errno == EINTR ? 0 : -errno;
	for (int i = 0; i < count; i++)
		ready[i] = events[i].data.fd;
	return count;
}

int linux_signals(void)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return OR_ERRNO(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

int linux_next_signal(int fd)
{
	struct signalfd_siginfo info;

	return read(fd, &info, sizeof(info)) == sizeof(info) ? (int)info.ssi_signo : 0;
}

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

uint64_t linux_cpu_time_ns(void) { return clock_ns(CLOCK_PROCESS_CPUTIME_ID); }

uint64_t linux_resident_bytes(void)
{
	char text[128] = "";
	char *next = text;

	if (linux_read_file("/proc/self/statm", text, sizeof(text) - 1) <= 0)
		return 0;
	strtoull(text, &next, 10);
	return strtoull(next, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE);
}

ssize_t linux_read_file(const char *path, void *bytes, size_t size)
{
	ssize_t got, filled = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	while ((got = read(fd, (char *)bytes + filled, size - filled)) > 0)
		filled += got;
	if (got < 0)
		filled = -errno;
	close(fd);
	return filled;
}

ssize_t linux_write(int fd, const void *bytes, size_t size) { return OR_ERRNO(write(fd, bytes, size)); }

char *linux_take_environment(const char *name)
{
	const char *value = getenv(name);
	char *copy = value ? strdup(value) : NULL;

	unsetenv(name);
	return copy;
}

int linux_random(void *bytes, size_t size) { return getrandom(bytes, size, 0) == (ssize_t)size ? 0 : -EIO; }
void linux_exit(int status) { _exit(status); }
void linux_close(int fd) { close(fd); }
