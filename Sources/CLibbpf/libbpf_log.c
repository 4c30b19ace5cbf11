#include "CLibbpf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static char text[4096];

static int keep_warning(enum libbpf_print_level level, const char *format, va_list arguments)
{
	size_t used = strlen(text);

	if (level != LIBBPF_WARN || used + 1 >= sizeof(text))
		return 0;
	return vsnprintf(text + used, sizeof(text) - used, format, arguments);
}

void libbpf_log_capture(void)
{
	libbpf_set_print(keep_warning);
}

const char *libbpf_log_text(void)
{
	return text;
}

void libbpf_log_clear(void)
{
	text[0] = 0;
}
