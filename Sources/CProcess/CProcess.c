// sched_getaffinity(2), posix_spawn_file_actions_addclosefrom_np and …addchdir_np are hidden without it.
#define _GNU_SOURCE

#include "CProcess.h"

#include <fcntl.h>
#include <malloc.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/fsuid.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <sys/prctl.h>

static int argument_count;
static char **arguments;

// glibc hands main's arguments to constructors too. Swift reads /proc/self/cmdline instead, and finds nothing in a root
// that somebody entered to rescue a system.
__attribute__((constructor)) static void keep_arguments(int count, char **words) {
    argument_count = count;
    arguments = words;
}

int cprocess_argument_count(void) { return argument_count; }

const char *cprocess_argument(int index) { return arguments[index]; }

int cprocess_forbid_tracing(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

int cprocess_is_traceable(void) { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0); }

int cprocess_usable_processors(void) {
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : -1;
}

int cprocess_name_thread(const char *name) { return prctl(PR_SET_NAME, name, 0, 0, 0); }

int cprocess_return_large_blocks(int bytes) {
    return mallopt(M_ARENA_MAX, 2) && mallopt(M_MMAP_THRESHOLD, bytes);
}

long cprocess_attribute_names(int descriptor, char *names, unsigned long size) {
    return flistxattr(descriptor, names, size);
}

long cprocess_attribute(int descriptor, const char *name, void *value, unsigned long size) {
    return fgetxattr(descriptor, name, value, size);
}

int cprocess_set_attribute(int descriptor, const char *name, const void *value, unsigned long size) {
    return fsetxattr(descriptor, name, value, size, 0);
}

int cprocess_take_files_of(unsigned user, unsigned group) {
    setfsgid(group);
    setfsuid(user);
    return (unsigned)setfsgid(group) == group && (unsigned)setfsuid(user) == user;
}

int cprocess_spawn(const char *path, char *const words[], char *const environment[], int output, int errors) {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    pid_t child = -1;
    if (posix_spawn_file_actions_init(&files) != 0) return -1;
    if (posix_spawnattr_init(&attributes) != 0) {
        posix_spawn_file_actions_destroy(&files);
        return -1;
    }
    sigemptyset(&none);
    sigfillset(&all);
    int failed = posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    failed |= posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
    failed |= errors ? posix_spawn_file_actions_adddup2(&files, output, STDERR_FILENO)
                     : posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    failed |= posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
    failed |= posix_spawn_file_actions_addchdir_np(&files, "/");
    failed |= posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    failed |= posix_spawnattr_setpgroup(&attributes, 0);
    failed |= posix_spawnattr_setsigmask(&attributes, &none);
    failed |= posix_spawnattr_setsigdefault(&attributes, &all);
    if (!failed) failed = posix_spawn(&child, path, &files, &attributes, words, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return failed ? -1 : child;
}
