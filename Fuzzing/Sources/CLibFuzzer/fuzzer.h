/* What libFuzzer offers to those that mutate by themselves. */
#include <stddef.h>
#include <stdint.h>

/* Changes what lies there at random, as every target's input is changed otherwise; returns how much there is now. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t capacity);
