// The terminal as a program finds it and leaves it. In C, because a signal's handler must be able to give it back.
#pragma once

#include <stdbool.h>
#include <stddef.h>

// Takes the terminal: raw input, the alternate screen, no cursor. What goes to standard error is held back until it is given back.
// From here on the end of the process, and every signal that kills it (but for SIGKILL), gives it back.
// Returns 0 or errno.
int terminal_enter(void);

// Gives the terminal back as it was; nothing where it has not been taken.
void terminal_leave(void);

// Stops the process as Ctrl-Z does where the terminal is not raw, with the terminal as it was; SIGCONT takes it again.
void terminal_suspend(void);

// Whether the terminal has been taken again since this was asked last, so that nothing of ours stands on it.
bool terminal_taken_anew(void);

// Writes what belongs on the screen; nothing once the terminal has been given back.
void terminal_write(const void *bytes, size_t count);

// Columns and lines. Returns 0 or errno.
int terminal_size(int *width, int *height);
