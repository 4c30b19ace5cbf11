#ifndef FAULTLINE_CFAULTOBJECTS_H
#define FAULTLINE_CFAULTOBJECTS_H

#include <stddef.h>

/* A BPF object file for this architecture, as bpf/Makefile made it. */
struct fault_object {
	const unsigned char *bytes;
	size_t size;
};

struct fault_object fault_object_perfbuf(void);
struct fault_object fault_object_ringbuf(void);
struct fault_object fault_object_btf_ringbuf(void);

#endif
