/*
 * A library whose functions tell themselves by name and address. Built several times: with all of its symbols, with those of .dynsym
 * alone, with MiniDebugInfo besides, and (HIDDEN) without any.
 */
#ifdef HIDDEN
#define EXPORTED __attribute__((noinline, visibility("hidden"), used))
#else
#define EXPORTED __attribute__((noinline, visibility("default")))
#endif
#define OWN static __attribute__((noinline, used))

volatile int touched;

EXPORTED int exported_first(int x) { return touched += x; }
OWN int own_second(int x) { return touched -= x + 1; }
EXPORTED int exported_third(int x) __asm__("_ZN4shop5Queue4takeEi");
EXPORTED int exported_third(int x) { return touched *= x; }
OWN int own_fourth(int x) __asm__("_ZN4core3fmt9Formatter3pad17h0123456789abcdefE");
OWN int own_fourth(int x) { return touched ^= x; }

/* Two names for one place. */
EXPORTED int fifth_long_name(int x) { return touched |= x; }
#ifndef HIDDEN
extern int fifth(int x) __attribute__((alias("fifth_long_name"), visibility("default")));
#endif

/* Data, so that every build has it. */
const struct {
	const char *name;
	int (*address)(int);
	int is_exported;
} known_functions[] = {
	{"exported_first", exported_first, 1},
	{"own_second", own_second, 0},
	{"_ZN4shop5Queue4takeEi", exported_third, 1},
	{"_ZN4core3fmt9Formatter3pad17h0123456789abcdefE", own_fourth, 0},
	{"fifth", fifth_long_name, 1},
	{0, 0, 0},
};
