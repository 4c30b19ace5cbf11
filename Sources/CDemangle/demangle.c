/* The C++ and Swift runtimes' own demanglers. */
#include "CDemangle.h"

#include <ctype.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* cxxabi.h, which C cannot include. */
extern char *__cxa_demangle(const char *mangled, char *buffer, size_t *size, int *status);

/* swift/stdlib/public/runtime/Demangle.cpp. */
extern char *swift_demangle(const char *mangled, size_t length, char *buffer, size_t *size, uint32_t flags);

/* Rust's legacy names are C++ ones that end in a hash: "::h" and sixteen hexadecimal digits. */
static void drop_rust_hash(char *name)
{
	size_t length = strlen(name);
	char *hash = length > 19 ? name + length - 19 : NULL;

	if (!hash || strncmp(hash, "::h", 3) != 0)
		return;
	for (const char *digit = hash + 3; *digit; digit++)
		if (!isxdigit((unsigned char)*digit))
			return;
	*hash = 0;
}

char *demangle_itanium(const char *mangled)
{
	int status;
	char *name = strncmp(mangled, "_Z", 2) == 0 ? __cxa_demangle(mangled, NULL, NULL, &status) : NULL;

	if (name)
		drop_rust_hash(name);
	return name;
}

char *demangle_swift(const char *mangled) { return swift_demangle(mangled, strlen(mangled), NULL, NULL, 0); }
void demangle_free(char *name) { free(name); }
