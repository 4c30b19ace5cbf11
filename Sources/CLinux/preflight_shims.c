#define _GNU_SOURCE
#include "preflight_shims.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <zlib.h>

_Static_assert(PREFLIGHT_MAP_ARRAY == BPF_MAP_TYPE_ARRAY, "map type");
_Static_assert(PREFLIGHT_MAP_PERF_EVENT_ARRAY == BPF_MAP_TYPE_PERF_EVENT_ARRAY, "map type");
_Static_assert(PREFLIGHT_MAP_RINGBUF == BPF_MAP_TYPE_RINGBUF, "map type");
_Static_assert(PREFLIGHT_PROG_SOCKET_FILTER == BPF_PROG_TYPE_SOCKET_FILTER, "program type");
_Static_assert(PREFLIGHT_PROG_TRACEPOINT == BPF_PROG_TYPE_TRACEPOINT, "program type");
_Static_assert(PREFLIGHT_PROG_PERF_EVENT == BPF_PROG_TYPE_PERF_EVENT, "program type");

static int32_t or_errno(long result)
{
	return result < 0 ? -errno : (int32_t)result;
}

/* ---- files ---- */

int64_t preflight_read_gzip(const char *path, uint8_t *buffer, size_t capacity)
{
	int32_t fd = or_errno(open(path, O_RDONLY | O_CLOEXEC));
	gzFile file;
	int length;

	if (fd < 0)
		return fd;
	file = gzdopen(fd, "rb");
	if (!file) {
		close(fd);
		return -ENOMEM;
	}
	length = gzread(file, buffer, (unsigned int)capacity);
	gzclose(file);
	return length < 0 ? -EBADMSG : length;
}

int32_t preflight_exists(const char *path)
{
	return or_errno(access(path, F_OK));
}

#define KERNEL_LOG_READ_ALL 3 /* syslog(2) */

int32_t preflight_kernel_log(uint8_t *buffer, size_t capacity)
{
	return or_errno(klogctl(KERNEL_LOG_READ_ALL, (char *)buffer, (int)capacity));
}

/* ---- process and machine ---- */

static int64_t copy_text(const char *text, uint8_t *buffer, size_t capacity)
{
	size_t length = strnlen(text, capacity);

	memcpy(buffer, text, length);
	return (int64_t)length;
}

int64_t preflight_release(uint8_t *buffer, size_t capacity)
{
	struct utsname name;

	return uname(&name) < 0 ? -errno : copy_text(name.release, buffer, capacity);
}

int64_t preflight_machine(uint8_t *buffer, size_t capacity)
{
	struct utsname name;

	return uname(&name) < 0 ? -errno : copy_text(name.machine, buffer, capacity);
}

int64_t preflight_page_size(void)
{
	return sysconf(_SC_PAGESIZE);
}

int32_t preflight_capabilities(uint64_t *effective)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (syscall(SYS_capget, &header, data) < 0)
		return -errno;
	*effective = (uint64_t)data[1].effective << 32 | data[0].effective;
	return 0;
}

int32_t preflight_memlock(uint64_t *soft, uint64_t *hard)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_MEMLOCK, &limit) < 0)
		return -errno;
	*soft = limit.rlim_cur;
	*hard = limit.rlim_max;
	return 0;
}

int32_t preflight_set_memlock(uint64_t soft, uint64_t hard)
{
	struct rlimit limit = { .rlim_cur = soft, .rlim_max = hard };

	return or_errno(setrlimit(RLIMIT_MEMLOCK, &limit));
}

/* ---- bpf(2) ---- */

/* libbpf's own wrappers retry and raise limits; here the kernel's first answer counts. */
static int32_t bpf(enum bpf_cmd command, union bpf_attr *attr)
{
	return or_errno(syscall(SYS_bpf, command, attr, sizeof(*attr)));
}

int32_t preflight_map_create(uint32_t type, uint32_t key_size, uint32_t value_size, uint32_t entries)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.map_type = type;
	attr.key_size = key_size;
	attr.value_size = value_size;
	attr.max_entries = entries;
	return bpf(BPF_MAP_CREATE, &attr);
}

#define MOVE(register, value) \
	{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = register, .imm = value }
#define EXIT { .code = BPF_JMP | BPF_EXIT }

static const struct bpf_insn nothing[] = { MOVE(BPF_REG_0, 0), EXIT };

/* bpf_probe_read_kernel(r10 - 8, 8, NULL): the helper may fail, the verifier must let it through. */
static const struct bpf_insn kernel_reader[] = {
	{ .code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = BPF_REG_1, .src_reg = BPF_REG_10 },
	{ .code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = BPF_REG_1, .imm = -8 },
	MOVE(BPF_REG_2, 8),
	MOVE(BPF_REG_3, 0),
	{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_probe_read_kernel },
	MOVE(BPF_REG_0, 0),
	EXIT,
};

static int32_t load(union bpf_attr *attr, const struct bpf_insn *instructions, uint32_t count)
{
	attr->insns = (uintptr_t)instructions;
	attr->insn_cnt = count;
	attr->license = (uintptr_t)"GPL";
	return bpf(BPF_PROG_LOAD, attr);
}

#define LOAD(attr, program) load(attr, program, sizeof(program) / sizeof(*(program)))

int32_t preflight_load(uint32_t program_type)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = program_type;
	return LOAD(&attr, nothing);
}

int32_t preflight_load_kernel_reader(void)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_TRACEPOINT;
	return LOAD(&attr, kernel_reader);
}

int32_t preflight_load_fentry(uint32_t btf_id)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_TRACING;
	attr.expected_attach_type = BPF_TRACE_FENTRY;
	attr.attach_btf_id = btf_id;
	return LOAD(&attr, nothing);
}

int32_t preflight_attach_fentry(int32_t program)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.raw_tracepoint.prog_fd = (uint32_t)program;
	return bpf(BPF_RAW_TRACEPOINT_OPEN, &attr);
}

int32_t preflight_program_size(int32_t program, uint32_t *translated, uint32_t *native)
{
	struct bpf_prog_info info;
	union bpf_attr attr;
	int32_t result;

	memset(&info, 0, sizeof(info));
	memset(&attr, 0, sizeof(attr));
	attr.info.bpf_fd = (uint32_t)program;
	attr.info.info_len = sizeof(info);
	attr.info.info = (uintptr_t)&info;
	result = bpf(BPF_OBJ_GET_INFO_BY_FD, &attr);
	*translated = info.xlated_prog_len;
	*native = info.jited_prog_len;
	return result;
}

/* ---- perf_event_open(2) ---- */

static int32_t open_event(struct perf_event_attr *attr)
{
	attr->size = sizeof(*attr);
	attr->sample_period = 1;
	attr->disabled = 1;
	return or_errno(syscall(SYS_perf_event_open, attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC));
}

int32_t preflight_open_tracepoint(uint64_t id)
{
	struct perf_event_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.type = PERF_TYPE_TRACEPOINT;
	attr.config = id;
	return open_event(&attr);
}

int32_t preflight_open_kprobe(uint32_t pmu_type, const char *function)
{
	struct perf_event_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.type = pmu_type;
	attr.kprobe_func = (uintptr_t)function;
	return open_event(&attr);
}
