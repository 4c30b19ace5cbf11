#include "elf_functions.h"

#include <lzma.h>
#include <stdlib.h>

#define DECODER_MEMORY (64u << 20)
#define UNPACKED_LIMIT (64u << 20)

/* Makes room for as much again. */
static bool grow(lzma_stream *stream, uint8_t **bytes, size_t *capacity)
{
	uint8_t *more = *capacity < UNPACKED_LIMIT ? realloc(*bytes, *capacity * 2) : NULL;

	if (!more)
		return false;
	*bytes = more;
	stream->next_out = more + *capacity;
	stream->avail_out = *capacity;
	*capacity *= 2;
	return true;
}

void *xz_unpack(const void *packed, size_t size, size_t *unpacked_size)
{
	lzma_stream stream = LZMA_STREAM_INIT;
	size_t capacity = 64 << 10;
	uint8_t *bytes = malloc(capacity);
	lzma_ret result = bytes ? lzma_stream_decoder(&stream, DECODER_MEMORY, 0) : LZMA_MEM_ERROR;

	stream.next_in = packed;
	stream.avail_in = size;
	stream.next_out = bytes;
	stream.avail_out = capacity;
	while (result == LZMA_OK) {
		result = lzma_code(&stream, LZMA_FINISH);
		if (result == LZMA_OK && stream.avail_out == 0 && !grow(&stream, &bytes, &capacity))
			result = LZMA_MEM_ERROR;
	}
	*unpacked_size = stream.total_out;
	lzma_end(&stream);
	if (result == LZMA_STREAM_END)
		return bytes;
	free(bytes);
	return NULL;
}
