#define _GNU_SOURCE
#include "capabilities.h"

#include "CConfinement.h"

#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct __user_cap_header_struct header(void)
{
	return (struct __user_cap_header_struct){ .version = _LINUX_CAPABILITY_VERSION_3 };
}

int capabilities_get(struct held_capabilities *held)
{
	struct __user_cap_header_struct own = header();
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (syscall(SYS_capget, &own, data) < 0)
		return -errno;
	held->effective = (uint64_t)data[1].effective << 32 | data[0].effective;
	held->permitted = (uint64_t)data[1].permitted << 32 | data[0].permitted;
	return 0;
}

int capabilities_set(struct held_capabilities held)
{
	struct __user_cap_header_struct own = header();
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		data[i] = (struct __user_cap_data_struct){
			.effective = (uint32_t)(held.effective >> (32 * i)),
			.permitted = (uint32_t)(held.permitted >> (32 * i)),
		};
	return syscall(SYS_capset, &own, data) < 0 ? -errno : 0;
}

void capabilities_bound(capabilities kept)
{
	for (int capability = 0; prctl(PR_CAPBSET_READ, capability) >= 0; capability++)
		if (!(kept & CAPABILITY(capability)))
			prctl(PR_CAPBSET_DROP, capability);
}

/* ---- for a while ---- */

static int turn(int on)
{
	struct __user_cap_header_struct own = header();
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (syscall(SYS_capget, &own, data) < 0)
		return -errno;
	for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		data[i].effective = on ? data[i].permitted : 0;
	return syscall(SYS_capset, &own, data) < 0 ? -errno : 0;
}

int confine_rest(void) { return turn(0); }
int confine_wake(void) { return turn(1); }
