#include "CTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

// Alternate screen, no cursor, no wrapping at the end of a line; and back.
static const char enter_codes[] = "\033[?1049h\033[?25l\033[?7l\033[0m\033[2J";
static const char leave_codes[] = "\033[0m\033[?7h\033[?25h\033[?1049l";

static struct termios before, raw;
static atomic_bool is_taken, is_suspended, is_anew, is_writing;
// The real standard error, and the file in which it is held back.
static int real_errors = -1, held_errors = -1;

static void write_all(int file, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t written = write(file, bytes, count);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        bytes += written;
        count -= (size_t)written;
    }
}

// A message of an agent's in the middle of the screen would be in the way, and lost with it.
static void hold_errors(void) {
    char name[] = "/tmp/faultline-XXXXXX";
    held_errors = mkstemp(name);
    if (held_errors < 0) return;
    unlink(name);
    fcntl(held_errors, F_SETFD, FD_CLOEXEC);
    fcntl(held_errors, F_SETFL, fcntl(held_errors, F_GETFL) | O_APPEND);
    real_errors = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (real_errors >= 0) dup2(held_errors, STDERR_FILENO);
}

static void release_errors(void) {
    if (real_errors < 0) return;
    dup2(real_errors, STDERR_FILENO);
    char bytes[4096];
    off_t place = 0;
    for (ssize_t count; (count = pread(held_errors, bytes, sizeof bytes, place)) > 0; place += count)
        write_all(STDERR_FILENO, bytes, (size_t)count);
    close(real_errors);
    real_errors = -1;
}

// In pieces, so that whoever gives the terminal back does not wait for long.
void terminal_write(const void *bytes, size_t count) {
    const char *place = bytes;
    atomic_store(&is_writing, true);
    while (count > 0 && atomic_load(&is_taken)) {
        size_t piece = count < 512 ? count : 512;
        write_all(STDOUT_FILENO, place, piece);
        place += piece;
        count -= piece;
    }
    atomic_store(&is_writing, false);
}

// What another thread still writes must not end up on the old screen. If it was this thread that a signal has stopped, or the
// terminal takes nothing, that has to do.
static void await_writer(void) {
    const struct timespec pause = {.tv_nsec = 1000000};
    for (int turn = 0; turn < 200 && atomic_load(&is_writing); turn++) nanosleep(&pause, NULL);
}

// This and what calls it do only what a signal's handler may do. Returns whether the terminal was taken.
static bool give_back(void) {
    if (!atomic_exchange(&is_taken, false)) return false;
    await_writer();
    write_all(STDOUT_FILENO, leave_codes, sizeof leave_codes - 1);
    // What was typed and not read was meant for us and not for the shell.
    tcflush(STDIN_FILENO, TCIFLUSH);
    tcsetattr(STDIN_FILENO, TCSANOW, &before);
    return true;
}

void terminal_leave(void) {
    if (give_back()) release_errors();
}

// Returns 0 or errno.
static int take(void) {
    // In the background this stops us, before anything is written.
    if (tcsetattr(STDIN_FILENO, TCSANOW, &raw) < 0) return errno;
    write_all(STDOUT_FILENO, enter_codes, sizeof enter_codes - 1);
    atomic_store(&is_taken, true);
    return 0;
}

static void set_handler(int signal_number, void (*handler)(int), int flags) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    sigaction(signal_number, &action, NULL);
}

static void stop(int signal_number) {
    int error = errno;
    if (give_back()) atomic_store(&is_suspended, true);
    set_handler(signal_number, SIG_DFL, 0);
    raise(signal_number);
    // Here we go on, after go_on().
    set_handler(signal_number, stop, SA_NODEFER | SA_RESTART);
    // A process group without a shell cannot be stopped, and nobody sends it SIGCONT.
    if (atomic_exchange(&is_suspended, false) && take() == 0) atomic_store(&is_anew, true);
    errno = error;
}

// Also after SIGSTOP, before which nothing could be given back: the shell has had the terminal meanwhile.
static void go_on(int signal_number) {
    (void)signal_number;
    int error = errno;
    if ((atomic_exchange(&is_suspended, false) || atomic_load(&is_taken)) && take() == 0) atomic_store(&is_anew, true);
    errno = error;
}

void terminal_suspend(void) { kill(getpid(), SIGTSTP); }

bool terminal_taken_anew(void) { return atomic_exchange(&is_anew, false); }

static void die(int signal_number) {
    terminal_leave();
    raise(signal_number);
}

static void watch_signals(void) {
    static const int deadly[] = {SIGABRT, SIGBUS, SIGFPE, SIGHUP, SIGILL, SIGQUIT, SIGSEGV, SIGSYS, SIGTRAP};
    // The default action follows when the handler returns.
    for (size_t place = 0; place < sizeof deadly / sizeof *deadly; place++) set_handler(deadly[place], die, SA_RESETHAND | SA_NODEFER);
    set_handler(SIGTSTP, stop, SA_NODEFER | SA_RESTART);
    set_handler(SIGCONT, go_on, SA_RESTART);
}

int terminal_enter(void) {
    if (tcgetattr(STDIN_FILENO, &before) < 0) return errno;
    raw = before;
    cfmakeraw(&raw);
    // A read returns what there is, and does not wait.
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 0;
    watch_signals();
    atexit(terminal_leave);
    hold_errors();
    int error = take();
    if (error != 0) release_errors();
    return error;
}

int terminal_size(int *width, int *height) {
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0) return errno;
    *width = size.ws_col;
    *height = size.ws_row;
    return 0;
}
