#include "zip_entry.h"

#include <string.h>

/* APPNOTE.TXT of the zip format, 4.3.16, 4.3.12 and 4.3.7; archives of more than 4 GB are not read. */
#define END_SIGNATURE 0x06054b50u
#define END_SIZE 22
#define COMMENT_LIMIT 65535
#define ENTRY_SIGNATURE 0x02014b50u
#define ENTRY_SIZE 46
#define FILE_SIGNATURE 0x04034b50u
#define FILE_SIZE 30
#define STORED 0

static uint16_t u16(const uint8_t *bytes) { return (uint16_t)(bytes[0] | bytes[1] << 8); }
static uint32_t u32(const uint8_t *bytes) { return u16(bytes) | (uint32_t)u16(bytes + 2) << 16; }

bool zip_is(const uint8_t *bytes, size_t size) { return size >= FILE_SIZE && u32(bytes) == FILE_SIGNATURE; }

/* The record that ends the archive, behind which only a comment can stand. */
static const uint8_t *find_end(const uint8_t *bytes, size_t size)
{
	for (size_t back = END_SIZE; back <= size && back <= END_SIZE + COMMENT_LIMIT; back++)
		if (u32(bytes + size - back) == END_SIGNATURE)
			return bytes + size - back;
	return NULL;
}

/* Where an entry of the central directory has its bytes. */
static bool range_of(const uint8_t *bytes, size_t size, const uint8_t *entry, uint64_t *start, uint64_t *end)
{
	uint64_t header = u32(entry + 42);

	if (u16(entry + 10) != STORED || header + FILE_SIZE > size || u32(bytes + header) != FILE_SIGNATURE)
		return false;
	*start = header + FILE_SIZE + u16(bytes + header + 26) + u16(bytes + header + 28);
	*end = *start + u32(entry + 20);
	return *end <= size;
}

bool zip_entry_at(const uint8_t *bytes, size_t size, uint64_t place, uint64_t *start, uint64_t *end)
{
	const uint8_t *last = find_end(bytes, size);
	uint64_t next = last ? u32(last + 16) : size;

	while (next + ENTRY_SIZE <= size && u32(bytes + next) == ENTRY_SIGNATURE) {
		const uint8_t *entry = bytes + next;

		if (range_of(bytes, size, entry, start, end) && *start <= place && place < *end)
			return true;
		next += ENTRY_SIZE + u16(entry + 28) + u16(entry + 30) + u16(entry + 32);
	}
	return false;
}
