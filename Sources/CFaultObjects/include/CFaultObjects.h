#ifndef FAULTLINE_CFAULTOBJECTS_H
#define FAULTLINE_CFAULTOBJECTS_H

#include <stddef.h>

/* A BPF object file for this architecture, as bpf/Makefile made it. It is unpacked anew by each call, and freed with
 * fault_object_free; `bytes` is null when there is no memory. */
struct fault_object {
	unsigned char *bytes;
	size_t size;
};

struct fault_object fault_object_perfbuf(void);
struct fault_object fault_object_ringbuf(void);
struct fault_object fault_object_btf_perfbuf(void);
struct fault_object fault_object_btf_ringbuf(void);
void fault_object_free(struct fault_object object);

#endif
