#define _GNU_SOURCE
#include "linux_shims.h"
#include "or_errno.h"

#include <fcntl.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

const char *linux_error_name(int error)
{
	/* The kernel's own, which it sometimes lets out: what cannot be attached. */
	const char *name = error == 524 ? "ENOTSUPP" : strerrorname_np(error);

	return name ? name : "error";
}

int linux_last_error(void) { return errno; }

uint64_t linux_raise_descriptors(uint64_t wanted)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return wanted;
	if (limit.rlim_cur >= wanted)
		return limit.rlim_cur;
	limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
	setrlimit(RLIMIT_NOFILE, &limit);
	return limit.rlim_cur;
}

void linux_return_memory(void) { mallopt(M_MMAP_THRESHOLD, 128 << 10); }

uint64_t linux_raise_memlock(void)
{
	struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };

	if (setrlimit(RLIMIT_MEMLOCK, &limit) == 0 || getrlimit(RLIMIT_MEMLOCK, &limit) < 0)
		return UINT64_MAX;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_MEMLOCK, &limit);
	return limit.rlim_cur == RLIM_INFINITY ? UINT64_MAX : limit.rlim_cur;
}

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec now = {0};

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

uint64_t linux_monotonic_ns(void) { return clock_ns(CLOCK_MONOTONIC); }
uint64_t linux_boottime_ns(void) { return clock_ns(CLOCK_BOOTTIME); }
void linux_sleep_ms(uint32_t ms)
{
	struct timespec time = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&time, NULL);
}

uint64_t linux_realtime_ns(void) { return clock_ns(CLOCK_REALTIME); }

uint64_t linux_cpu_time_ns(pid_t pid)
{
	clockid_t clock;

	return clock_getcpuclockid(pid, &clock) == 0 ? clock_ns(clock) : 0;
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

ssize_t linux_online_cpus(void *bytes, size_t size)
{
	static int fd = -1;

	if (fd < 0)
		fd = open("/sys/devices/system/cpu/online", O_RDONLY | O_CLOEXEC);
	return OR_ERRNO(pread(fd, bytes, size, 0));
}

int linux_create(const char *path) { return OR_ERRNO(open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)); }
void linux_remove(const char *path) { unlink(path); }
void linux_sync(int fd) { fdatasync(fd); }

int64_t linux_free_bytes(int fd)
{
	struct statfs facts;

	return fstatfs(fd, &facts) < 0 ? INT64_MAX : (int64_t)facts.f_bavail * (int64_t)facts.f_bsize;
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

#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#define PR_SET_VMA_ANON_NAME 0
#endif

bool linux_names_anonymous_memory(void)
{
	size_t page = sysconf(_SC_PAGESIZE);
	void *memory = mmap(NULL, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bool works;

	if (memory == MAP_FAILED)
		return false;
	works = prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, memory, page, "faultline") == 0;
	munmap(memory, page);
	return works;
}
