#ifndef FAULTLINE_CLIBBPF_H
#define FAULTLINE_CLIBBPF_H

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <linux/perf_event.h>

/*
 * libbpf tells why a load failed only through a callback that takes a va_list, which Swift cannot import. These keep
 * the newest warnings in one buffer.
 */

/* Routes libbpf's warnings into the buffer, and its other words nowhere. */
void libbpf_log_capture(void);

/* What libbpf warned of since the last call of libbpf_log_clear; "" for nothing. */
const char *libbpf_log_text(void);

void libbpf_log_clear(void);

#endif
