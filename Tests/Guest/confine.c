/*
 * Runs a command with less than a machine's administrator has: confine [RESTRICTION VALUE]... -- COMMAND...
 *
 *     trace FOLDER     tracefs is there, as init of a phone has mounted it
 *     hide FOLDER      an empty folder is in its place
 *     empty FILE       an empty file is in its place
 *     memlock BYTES    the limit of locked memory
 *     keep NAME,...    no capabilities but these, even for root
 *     drop NAME,...    all capabilities but these
 *     user ID          as that user
 *     domain CONTEXT   in that SELinux domain
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

static void fail(const char *what)
{
	fputs("confine: ", stderr);
	perror(what);
	exit(1);
}

/* Mounts of our own, which nobody else sees. */
static void own_mounts(void)
{
	static int have;

	if (!have++ && (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL)))
		fail("unshare");
}

static void mount_tracefs(const char *folder)
{
	own_mounts();
	if (mount("none", folder, "tracefs", 0, NULL))
		fail(folder);
}

static void hide(const char *folder)
{
	own_mounts();
	if (mount("none", folder, "tmpfs", MS_RDONLY, NULL))
		fail(folder);
}

static void empty(const char *path)
{
	own_mounts();
	close(open("/tmp/empty", O_CREAT | O_WRONLY, 0444));
	if (mount("/tmp/empty", path, NULL, MS_BIND, NULL))
		fail(path);
}

static void limit_locked_memory(const char *bytes)
{
	struct rlimit limit = {strtoul(bytes, NULL, 0), strtoul(bytes, NULL, 0)};

	if (setrlimit(RLIMIT_MEMLOCK, &limit))
		fail("RLIMIT_MEMLOCK");
}

static const struct {
	const char *name;
	int number;
} capabilities[] = {
	{"sys_admin", CAP_SYS_ADMIN}, {"sys_resource", CAP_SYS_RESOURCE}, {"perfmon", 38}, {"bpf", 39},
};

static int is_named(const char *names, int capability)
{
	for (size_t i = 0; i < sizeof(capabilities) / sizeof(capabilities[0]); i++)
		if (capabilities[i].number == capability && strstr(names, capabilities[i].name))
			return 1;
	return 0;
}

/* A program that root starts gets all capabilities of the bounding set. */
static void bound(const char *names, int keep)
{
	for (int capability = 0; prctl(PR_CAPBSET_READ, capability) >= 0; capability++)
		if (is_named(names, capability) != keep && prctl(PR_CAPBSET_DROP, capability))
			fail(names);
}

static void become(const char *user)
{
	int id = atoi(user);

	if (setgroups(0, NULL) || setgid(id) || setuid(id))
		fail(user);
}

static void enter_domain(const char *context)
{
	int file = open("/proc/self/attr/exec", O_WRONLY);

	if (file < 0 || write(file, context, strlen(context)) < 0)
		fail(context);
	close(file);
}

static void restrict_to(const char *restriction, const char *value)
{
	if (!strcmp(restriction, "trace")) mount_tracefs(value);
	else if (!strcmp(restriction, "hide")) hide(value);
	else if (!strcmp(restriction, "empty")) empty(value);
	else if (!strcmp(restriction, "memlock")) limit_locked_memory(value);
	else if (!strcmp(restriction, "keep")) bound(value, 1);
	else if (!strcmp(restriction, "drop")) bound(value, 0);
	else if (!strcmp(restriction, "user")) become(value);
	else if (!strcmp(restriction, "domain")) enter_domain(value);
	else { fprintf(stderr, "confine: there is no restriction '%s'\n", restriction); exit(2); }
}

int main(int argc, char **argv)
{
	int i = 1;

	for (; i + 1 < argc && strcmp(argv[i], "--"); i += 2)
		restrict_to(argv[i], argv[i + 1]);
	if (i + 1 >= argc || strcmp(argv[i], "--"))
		return 2;
	execv(argv[i + 1], argv + i + 1);
	fail(argv[i + 1]);
}
