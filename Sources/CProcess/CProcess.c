// sched_getaffinity(2) is hidden without it.
#define _GNU_SOURCE

#include "CProcess.h"

#include <sys/xattr.h>
#include <malloc.h>
#include <sched.h>
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

long cprocess_attribute_names(const char *path, char *names, unsigned long size) {
    return llistxattr(path, names, size);
}

long cprocess_attribute(const char *path, const char *name, void *value, unsigned long size) {
    return lgetxattr(path, name, value, size);
}

int cprocess_set_attribute(int descriptor, const char *name, const void *value, unsigned long size) {
    return fsetxattr(descriptor, name, value, size, 0);
}
