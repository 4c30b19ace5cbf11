#ifndef FAULTLINE_CAPABILITIES_H
#define FAULTLINE_CAPABILITIES_H

#include <stdint.h>

typedef uint64_t capabilities;

#define CAPABILITY(number) (1ULL << (number))

struct held_capabilities {
	capabilities effective;
	capabilities permitted;
};

int capabilities_get(struct held_capabilities *held);

/* What is neither effective nor permitted is gone. Programs that are begun inherit none beyond what their files or users have. */
int capabilities_set(struct held_capabilities held);

/* No program that is begun from now on gets any but these. */
void capabilities_bound(capabilities kept);

#endif
