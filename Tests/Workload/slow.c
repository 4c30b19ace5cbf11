/* Faults that take long, for a known time: nobody but this process brings the page. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "workload.h"

static void *bring_pages(void *descriptor)
{
	const struct timespec pause = {0, SLOW_NS};
	int faults = *(int *)descriptor;
	struct uffd_msg message;

	while (read(faults, &message, sizeof(message)) == sizeof(message)) {
		struct uffdio_zeropage zero = {
			.range = {message.arg.pagefault.address & ~(page - 1), page},
		};

		nanosleep(&pause, NULL);
		if (ioctl(faults, UFFDIO_ZEROPAGE, &zero))
			fail("UFFDIO_ZEROPAGE");
	}
	return NULL;
}

static int watch(volatile char *memory, size_t pages)
{
	int faults = syscall(SYS_userfaultfd, O_CLOEXEC);
	struct uffdio_api version = {.api = UFFD_API};
	struct uffdio_register range = {
		.range = {(uintptr_t)memory, pages * page},
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};

	if (faults < 0 || ioctl(faults, UFFDIO_API, &version) || ioctl(faults, UFFDIO_REGISTER, &range))
		fail("userfaultfd");
	return faults;
}

void wait_for_pages(long count)
{
	volatile char *memory = fresh(SLOW_BASE, count);
	static int faults;
	pthread_t other;

	faults = watch(memory, count);
	if (pthread_create(&other, NULL, bring_pages, &faults))
		fail("pthread_create");
	for (long i = 0; i < count; i++)
		(void)memory[i * page];
}
