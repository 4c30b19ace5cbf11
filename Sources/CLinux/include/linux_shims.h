#ifndef FAULTLINE_LINUX_SHIMS_H
#define FAULTLINE_LINUX_SHIMS_H

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * The system calls that the agent makes, for the Swift that runs without a C library module: macros, variadic
 * functions and structs that Swift cannot name are dealt with here. As in the kernel, a failure is -errno.
 */

/* ---- errors ---- */

/* "EPERM" for 1; "error" for a number without a name. */
const char *linux_error_name(int error);

/* errno, for libbpf's functions that return a null pointer. */
int linux_last_error(void);

/* ---- memory ---- */

/* RLIMIT_MEMLOCK's soft limit, after raising it as far as this process may; UINT64_MAX for no limit. */
uint64_t linux_raise_memlock(void);

/* RLIMIT_NOFILE's soft limit, after raising it towards `wanted` as far as this process may. */
uint64_t linux_raise_descriptors(uint64_t wanted);

/* Gives large blocks back to the kernel when they are freed; glibc stops doing so after the first, and the kernel's BTF, which
 * libbpf reads and drops, would stay for good (mallopt(3), M_MMAP_THRESHOLD). */
void linux_return_memory(void);

/* ---- time ---- */

uint64_t linux_monotonic_ns(void);
uint64_t linux_boottime_ns(void);
uint64_t linux_realtime_ns(void);

void linux_sleep_ms(uint32_t ms);

/* ---- perf ---- */

/* A software event (PERF_COUNT_SW_*) with period 1 on one CPU, any process; not yet enabled. */
int linux_open_software_event(uint64_t event, int cpu);

/* For how long it has been enabled; it stands still when its CPU has gone, also when that is back. */
uint64_t linux_event_enabled_ns(int event);

/* PERF_COUNT_SW_BPF_OUTPUT's attributes for perf_buffer__new_raw, waking the reader at `watermark` bytes. */
struct perf_event_attr;
const struct perf_event_attr *linux_bpf_output_attributes(uint32_t watermark);

/* ---- perf's own rings (perf_event_open(2), "MMAP layout") ---- */

/* What a ring of one CPU holds. The order is that in which records of one moment are to be read. */
enum linux_ring_kind {
	LINUX_RING_TASKS,    /* COMM, FORK and EXIT: header ... pid and tid, time */
	LINUX_RING_OUTCOMES, /* PAGE_FAULTS_MIN: header, pid and tid, time, address; PAGE_FAULTS_MAJ: one word more */
	LINUX_RING_FAULTS,   /* PAGE_FAULTS: header, ip, pid and tid, time, address; with stacks PERF_SAMPLE_CALLCHAIN behind */
	LINUX_RING_MEMORY,   /* MMAP2, COMM, FORK and EXIT: header ... pid and tid, time */
};

struct linux_ring {
	int event;
	int second; /* another event that writes into the same ring, or -1 */
	uint64_t bytes;
	void *pages; /* the control page; null until it is mapped */
	const void *data;
};

/* Which stacks samples of PAGE_FAULTS carry, and of how many frames together at the most. */
struct linux_stacks {
	bool user;
	bool kernel;
	uint16_t depth;
};

/* As read(2) gives it. */
struct linux_ring_count {
	uint64_t events;
	uint64_t enabled_ns;
};

/* Opens what fills a ring of `bytes`, a power of two of pages; its reader is woken at half. To be closed even after a failure. */
int linux_ring_open(struct linux_ring *ring, enum linux_ring_kind kind, struct linux_stacks stacks, int cpu, uint64_t bytes);
int linux_ring_map(struct linux_ring *ring);
void linux_ring_switch(const struct linux_ring *ring, bool on);

/* How often the first event has happened, recorded or not, and how long it was on; both stand still once its CPU went away. */
int linux_ring_count(const struct linux_ring *ring, struct linux_ring_count *count);
void linux_ring_close(struct linux_ring *ring);

#define LINUX_RING_HEAD 1024
#define LINUX_RING_TAIL 1032

/* Up to where the kernel has written, and what stands before that can be read. */
static inline uint64_t linux_ring_head(const void *pages)
{
	return __atomic_load_n((const uint64_t *)((const char *)pages + LINUX_RING_HEAD), __ATOMIC_ACQUIRE);
}

/* Gives the kernel what stands before `tail`. */
static inline void linux_ring_set_tail(void *pages, uint64_t tail)
{
	__atomic_store_n((uint64_t *)((char *)pages + LINUX_RING_TAIL), tail, __ATOMIC_RELEASE);
}

/* ---- sockets ---- */

/* A listening TCP socket on a numeric IPv4 or IPv6 address; `port` is given back as the kernel chose it. */
int linux_listen(const char *address, uint16_t *port);

/* Whether a numeric address is of this machine alone. */
bool linux_is_loopback(const char *address);

/* The next connection, non-blocking and without Nagle's delay. */
int linux_accept(int listener);

ssize_t linux_receive(int socket, void *bytes, size_t size);
ssize_t linux_send(int socket, const void *bytes, size_t size);

/* The peer reads to the end of what was sent, and then finds that the stream has ended. */
void linux_finish_sending(int socket);

/* ---- waiting ---- */

int linux_epoll(void);

/* Watches a descriptor for reading, and for writing if asked; `edge`: tells of each change once. */
int linux_watch(int epoll, int fd, bool edge);
int linux_watch_writable(int epoll, int fd, bool writable);
int linux_unwatch(int epoll, int fd);

/* Waits for one of the watched; at most 16 descriptors that are ready, and a negative errno. */
int linux_wait(int epoll, int timeout_ms, int ready[16]);

/* A descriptor from which SIGINT, SIGTERM, SIGHUP and SIGCHLD are read; SIGPIPE is ignored. */
int linux_signals(void);

/* The next signal's number, or zero. */
int linux_next_signal(int fd);

/* ---- processes ---- */

/* Runs a program found along PATH with stdin as ours and stdout on our stderr. The vector ends with a null. */
int linux_spawn(char *const *arguments, pid_t *pid);

struct linux_child_end {
	uint32_t status; /* as a shell gives it */
	uint64_t minor_faults;
	uint64_t major_faults;
};

/* 1 and how it ended, or 0 while it runs. */
int linux_reap(pid_t pid, struct linux_child_end *end);

/* Asks a child to end, and kills it if it has not within half a second. */
void linux_end_child(pid_t pid);
pid_t linux_pid(void);
pid_t linux_parent_pid(void);

/* How long a process has run on CPUs, with threads that have ended; also of one that nobody has waited for yet. -errno where
 * it is gone. */
int64_t linux_process_cpu_ns(uint32_t pid);
bool linux_thread_exists(uint32_t tid);

/* The ids of all processes, as far as there is room. Returns how many were put there. */
size_t linux_processes(uint32_t *pids, size_t room);
/* Whether this process's PID namespace is another than the kernel's own, in whose numbers BPF programs see processes. */
int linux_in_pid_namespace(void);
int linux_cpu_count(void);
int linux_page_size(void);

/* A thread's name, filled up with zeros, and its real user id; from /proc, so that a thread that is gone has neither. */
int linux_thread_name(uint32_t tid, char name[16]);
int64_t linux_thread_user(uint32_t tid);

/* What /proc tells of a process. */
struct linux_process {
	uint32_t parent;
	uint32_t user; /* real */
	uint64_t born_ns; /* CLOCK_BOOTTIME, to a hundredth of a second */
	char name[16];
	char executable[4096]; /* empty: it has none */
	char command_line[4096]; /* arguments with spaces between them; empty: it has none */
};

static inline const char *linux_process_name(const struct linux_process *process) { return process->name; }
static inline const char *linux_process_executable(const struct linux_process *process) { return process->executable; }
static inline const char *linux_process_command_line(const struct linux_process *process) { return process->command_line; }

/* Fails where the process is gone. */
int linux_process(uint32_t pid, struct linux_process *process);

/* Whether the kernel keeps names of anonymous memory (PR_SET_VMA_ANON_NAME). */
bool linux_names_anonymous_memory(void);

/* Asks to run before others, because a reader that waits for its turn loses faults. Failure does not matter. */
void linux_raise_priority(void);

/* A process's CPU time and resident memory; zero where it is gone. */
uint64_t linux_cpu_time_ns(pid_t pid);
uint64_t linux_resident_bytes(pid_t pid);

/* ---- files and output ---- */

/* The file's bytes from the start, at most `size`; works on /proc. */
ssize_t linux_read_file(const char *path, void *bytes, size_t size);
/* The CPUs that are online, as the kernel lists them. The file stays open, for it is asked a hundred times a second. */
ssize_t linux_online_cpus(void *bytes, size_t size);
/* A new file for its owner alone, where nothing stands yet, no link either. */
int linux_create(const char *path);
void linux_remove(const char *path);

/* What has been written goes to the disk. */
void linux_sync(int fd);

/* What is free for everybody where a file is; INT64_MAX where that cannot be told. */
int64_t linux_free_bytes(int fd);

ssize_t linux_write(int fd, const void *bytes, size_t size);

/* A variable's value, which processes that we start do not see; null if it is not set. */
char *linux_take_environment(const char *name);
int linux_random(void *bytes, size_t size);
void linux_exit(int status) __attribute__((noreturn));
void linux_close(int fd);

#endif
