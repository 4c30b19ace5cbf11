#ifndef FAULTLINE_FILTER_H
#define FAULTLINE_FILTER_H

#include <stddef.h>
#include <stdint.h>

/* A system call that is allowed: always where `mask` is zero, else where (argument & mask) == value, in its low 32 bits. */
struct allowed_call {
	uint32_t number;
	uint32_t mask;
	uint32_t value;
	uint8_t argument;
};

#define CALL(name) { .number = __NR_##name }
#define CALL_IF(name, which, bits, equal) { .number = __NR_##name, .argument = which, .mask = bits, .value = equal }

/*
 * From now on any other call ends the process, also in programs that it begins. Lists are searched from their start.
 *
 * `trusts_itself`: spares the mitigations against speculation that kernels before 5.16 give to who filters its calls, and which
 * cost the more the more calls there are.
 */
int filter_calls(const struct allowed_call *calls, size_t count, int trusts_itself);

#endif
