/*
 * Stands in for a phone's su in the guest, where Debian's would ask for a password. Installed with the set-user-ID bit.
 * SU_MANNER says whose manners it has.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MAGISK, AOSP, ROOT_ONLY, DENYING, SILENT };

static int run(char **words)
{
    static char *const shell[] = {"sh", NULL};

    if (setgid(0) || setuid(0)) {
        perror("su");
        return 1;
    }
    execvp(words[0] ? words[0] : "sh", words[0] ? words : shell);
    perror("su");
    return 127;
}

/* su [-c LINE], as Magisk, KernelSU and most others have it. */
static int magisk(int count, char **words)
{
    char *line[] = {"sh", "-c", count == 3 ? words[2] : NULL, NULL};

    if (count == 1)
        return run(words + 1);
    if (count != 3 || strcmp(words[1], "-c"))
        return fputs("usage: su [-c LINE]\n", stderr), 2;
    return run(line);
}

/* su WHO [COMMAND...], as userdebug builds of AOSP have it. */
static int aosp(int count, char **words, const char *who)
{
    if (count < 2 || (strcmp(words[1], "root") && strcmp(words[1], who)))
        return fprintf(stderr, "su: invalid uid/gid '%s'\n", count < 2 ? "" : words[1]), 1;
    return run(words + 2);
}

int main(int count, char **words)
{
    switch (SU_MANNER) {
    case MAGISK: return magisk(count, words);
    case AOSP: return aosp(count, words, "0");
    case ROOT_ONLY: return aosp(count, words, "root");
    case SILENT: return pause(); /* the owner of the phone has not answered its question */
    default: return fputs("Permission denied\n", stderr), 13;
    }
}
