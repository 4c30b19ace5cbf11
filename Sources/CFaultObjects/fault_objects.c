/* The BPF objects inside the agent's one file. */
#include "CFaultObjects.h"

#if defined(__aarch64__)
#define ARCH aarch64
#elif defined(__x86_64__)
#define ARCH x86_64
#else
#error "no BPF objects are built for this architecture"
#endif

/* Made by the preprocessor, which does not join strings. */
#define TEXT(path) #path
#define PATH(arch, name) TEXT(../../build/bpf/arch/name.o)
#define OBJECT(arch, name) PATH(arch, name)

/* #embed is C23; clang has it in every dialect and warns of that. */
#pragma clang diagnostic ignored "-Wc23-extensions"

_Alignas(8) static const unsigned char perfbuf[] = {
#embed OBJECT(ARCH, fault.perfbuf)
};
_Alignas(8) static const unsigned char ringbuf[] = {
#embed OBJECT(ARCH, fault.ringbuf)
};
_Alignas(8) static const unsigned char btf_ringbuf[] = {
#embed OBJECT(ARCH, fault_btf.ringbuf)
};

struct fault_object fault_object_perfbuf(void)
{
	return (struct fault_object){perfbuf, sizeof(perfbuf)};
}

struct fault_object fault_object_ringbuf(void)
{
	return (struct fault_object){ringbuf, sizeof(ringbuf)};
}

struct fault_object fault_object_btf_ringbuf(void)
{
	return (struct fault_object){btf_ringbuf, sizeof(btf_ringbuf)};
}
