/* The BPF objects inside the agent's one file. */
#include "CFaultObjects.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#if defined(__aarch64__)
#define ARCH aarch64
#elif defined(__x86_64__)
#define ARCH x86_64
#else
#error "no BPF objects are built for this architecture"
#endif

/* Made by the preprocessor, which does not join strings. */
#define TEXT(path) #path
#define PATH(arch, name) TEXT(../../build/bpf/arch/name.o.gz)
#define OBJECT(arch, name) PATH(arch, name)

/* #embed is C23; clang has it in every dialect and warns of that. */
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char perfbuf[] = {
#embed OBJECT(ARCH, fault.perfbuf)
};
static const unsigned char ringbuf[] = {
#embed OBJECT(ARCH, fault.ringbuf)
};
static const unsigned char btf_perfbuf[] = {
#embed OBJECT(ARCH, fault_btf.perfbuf)
};
static const unsigned char btf_ringbuf[] = {
#embed OBJECT(ARCH, fault_btf.ringbuf)
};

/* A gzip file ends with the length of what it holds (RFC 1952, 2.3.1). */
static size_t unpacked_size(const unsigned char *packed, size_t size)
{
	uint32_t length;

	memcpy(&length, packed + size - sizeof(length), sizeof(length));
	return length;
}

/* 16: zlib shall expect a gzip header (zlib.h, inflateInit2). */
static int inflate_all(z_stream *stream)
{
	int result = inflateInit2(stream, 16 + MAX_WBITS);

	if (result != Z_OK)
		return result;
	result = inflate(stream, Z_FINISH);
	inflateEnd(stream);
	return result;
}

static struct fault_object unpacked(const unsigned char *packed, size_t size)
{
	struct fault_object object = { .size = unpacked_size(packed, size) };
	z_stream stream = { .next_in = (unsigned char *)packed, .avail_in = size, .avail_out = object.size };

	object.bytes = stream.next_out = malloc(object.size);
	if (object.bytes && inflate_all(&stream) != Z_STREAM_END) {
		free(object.bytes);
		object.bytes = NULL;
	}
	return object;
}

struct fault_object fault_object_perfbuf(void) { return unpacked(perfbuf, sizeof(perfbuf)); }
struct fault_object fault_object_ringbuf(void) { return unpacked(ringbuf, sizeof(ringbuf)); }
struct fault_object fault_object_btf_perfbuf(void) { return unpacked(btf_perfbuf, sizeof(btf_perfbuf)); }
struct fault_object fault_object_btf_ringbuf(void) { return unpacked(btf_ringbuf, sizeof(btf_ringbuf)); }
void fault_object_free(struct fault_object object) { free(object.bytes); }
