/*
 * A library whose functions call each other five deep, with frame pointers; the innermost touches a page. Only the outermost is
 * exported.
 */
#define LEVEL __attribute__((noinline, noclone, used))

/* Keeps a call from being the last thing that a function does. */
#define STAY __asm__ volatile("" ::: "memory")

static LEVEL void deep_fifth(volatile char *page)
{
	*page = 1;
	STAY;
}

static LEVEL void deep_fourth(volatile char *page)
{
	deep_fifth(page);
	STAY;
}

static LEVEL void deep_third(volatile char *page)
{
	deep_fourth(page);
	STAY;
}

static LEVEL void deep_second(volatile char *page)
{
	deep_third(page);
	STAY;
}

__attribute__((noinline, visibility("default"))) void deep_first(volatile char *page)
{
	deep_second(page);
	STAY;
}
