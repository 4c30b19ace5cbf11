#ifndef FAULTLINE_PREFLIGHT_SHIMS_H
#define FAULTLINE_PREFLIGHT_SHIMS_H

#include <stddef.h>
#include <stdint.h>

/*
 * What the preflight asks the kernel and Swift cannot: system calls without a libc function (bpf, perf_event_open,
 * capget), structs made of unions and bit fields (bpf_attr, perf_event_attr), macros (the magic of statfs), errno.
 *
 * The bodies are in preflight_shims.c, so that <linux/bpf.h> is not part of two modules at once (CLibbpf has it).
 * A failure is -errno. A descriptor that is returned belongs to the caller.
 */

/* ---- files ---- */

/* Reads at most `capacity` bytes through zlib, which passes plain files through as they are; the length read. */
int64_t preflight_read_gzip(const char *path, uint8_t *buffer, size_t capacity);

/* 0 when the path can be reached: access(2) with F_OK. */
int32_t preflight_exists(const char *path);

/* 1 when a tracefs is mounted there, 0 when something else is: statfs(2). */
int32_t preflight_is_tracefs(const char *path);

/* Where a process was before it went to a mount namespace of its own; descriptors. */
struct preflight_home {
	int namespace, root, folder;
};

/* Mounts tracefs where nobody else sees it and where it goes with us: in a mount namespace of our own. */
int32_t preflight_mount_tracefs(const char *path, struct preflight_home *home);
/* Goes back, and closes `home`. */
void preflight_go_home(struct preflight_home *home);

/* The end of the kernel's log, at most `capacity` bytes; the length. */
int32_t preflight_kernel_log(uint8_t *buffer, size_t capacity);

/* ---- the process and the machine ---- */

int64_t preflight_release(uint8_t *buffer, size_t capacity);
int64_t preflight_machine(uint8_t *buffer, size_t capacity);
int64_t preflight_page_size(void);

/* The effective set, as CapEff in /proc/self/status: capget(2), which needs no /proc. */
int32_t preflight_capabilities(uint64_t *effective);

/* RLIMIT_MEMLOCK in bytes; UINT64_MAX is no limit. */
int32_t preflight_memlock(uint64_t *soft, uint64_t *hard);
int32_t preflight_set_memlock(uint64_t soft, uint64_t hard);

/* ---- bpf(2) ---- */

#define PREFLIGHT_MAP_ARRAY 2u
#define PREFLIGHT_MAP_PERF_EVENT_ARRAY 4u
#define PREFLIGHT_MAP_RINGBUF 27u
#define PREFLIGHT_PROG_SOCKET_FILTER 1u
#define PREFLIGHT_PROG_TRACEPOINT 5u
#define PREFLIGHT_PROG_PERF_EVENT 7u

int32_t preflight_map_create(uint32_t type, uint32_t key_size, uint32_t value_size, uint32_t entries);

/* Loads `r0 = 0; exit`. */
int32_t preflight_load(uint32_t program_type);

/* Loads a tracepoint program that calls bpf_probe_read_kernel (5.5+). */
int32_t preflight_load_kernel_reader(void);

/* Loads `r0 = 0; exit` as fentry program of the kernel function with this BTF id. */
int32_t preflight_load_fentry(uint32_t btf_id);

/* Attaches a loaded fentry program; closing the descriptor detaches it. */
int32_t preflight_attach_fentry(int32_t program);

/* How long a loaded program is as BPF and as machine code; both 0 when the caller may not know. */
int32_t preflight_program_size(int32_t program, uint32_t *translated, uint32_t *native);

/* ---- perf_event_open(2): disabled, on CPU 0, for every process ---- */

int32_t preflight_open_tracepoint(uint64_t id);
int32_t preflight_open_kprobe(uint32_t pmu_type, const char *function);

#endif
