#define _GNU_SOURCE
#include "or_errno.h"
#include "preflight_shims.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/vfs.h>
#include <unistd.h>

int32_t preflight_is_tracefs(const char *path)
{
	struct statfs filesystem;

	if (statfs(path, &filesystem) < 0)
		return -errno;
	return filesystem.f_type == TRACEFS_MAGIC;
}

void preflight_go_home(struct preflight_home *home)
{
	/* setns(2) takes root and folder along to the namespace's root, which is not ours below chroot(2). */
	if (setns(home->namespace, CLONE_NEWNS) < 0 || fchdir(home->root) < 0 || chroot(".") < 0 || fchdir(home->folder) < 0)
		_exit(1);
	close(home->namespace);
	close(home->root);
	close(home->folder);
}

static int close_all(const int *fds, int count)
{
	int error = -errno;

	for (int i = 0; i < count; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	return error;
}

/* A kind that the kernel does not look at must be a string to valgrind. */
static int make_private(const char *path)
{
	return mount("none", path, "none", MS_REC | MS_PRIVATE, NULL);
}

/* A mount would appear in the namespace that we come from as long as the two share their changes. Below chroot(2) "/" may be no mount. */
static int stop_sharing(void)
{
	return make_private("/") < 0 ? make_private("/sys") : 0;
}

int32_t preflight_mount_tracefs(const char *path, struct preflight_home *home)
{
	int fds[] = {
		open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC),
		open("/", O_PATH | O_DIRECTORY | O_CLOEXEC),
		open(".", O_PATH | O_DIRECTORY | O_CLOEXEC),
	};
	int error;

	if (fds[0] < 0 || fds[1] < 0 || fds[2] < 0 || unshare(CLONE_NEWNS) < 0)
		return close_all(fds, 3);
	*home = (struct preflight_home){ fds[0], fds[1], fds[2] };
	error = stop_sharing() < 0 ? -errno : OR_ERRNO(mount("tracefs", path, "tracefs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL));
	if (error < 0)
		preflight_go_home(home);
	return error;
}
