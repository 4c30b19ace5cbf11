#define _GNU_SOURCE
#include "linux_shims.h"
#include "or_errno.h"

#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

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
