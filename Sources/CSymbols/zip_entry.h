#ifndef FAULTLINE_ZIP_ENTRY_H
#define FAULTLINE_ZIP_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether a file begins as a zip archive does; an .apk is one. */
bool zip_is(const uint8_t *bytes, size_t size);

/* The file in an archive, stored as it is, that a place of the archive belongs to; false where there is none. */
bool zip_entry_at(const uint8_t *bytes, size_t size, uint64_t place, uint64_t *start, uint64_t *end);

#endif
