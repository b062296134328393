// What Swift cannot reach on Linux: the words of the command line where there is no /proc, prctl(2), which C declares
// with variable arguments, and what glibc shows to GNU programs only.
#ifndef CPROCESS_H
#define CPROCESS_H

/// The number of words, the program's own name included.
int cprocess_argument_count(void);

/// The word at `index`, from 0; never freed.
const char *cprocess_argument(int index);

/// prctl(PR_SET_DUMPABLE, 0): 0 when it worked, else errno is set.
int cprocess_forbid_tracing(void);

/// prctl(PR_GET_DUMPABLE): 0 once tracing is forbidden.
int cprocess_is_traceable(void);

/// How many processors the calling thread may run on; -1 where there are more than 1,024, which do not fit the set.
int cprocess_usable_processors(void);

/// prctl(PR_SET_NAME): names the calling thread, in at most 15 bytes.
int cprocess_name_thread(const char *name);

/// mallopt(M_ARENA_MAX, M_MMAP_THRESHOLD): two arenas for all threads, and from so many bytes on a block of malloc goes back to the system when it is freed. 0 means
/// that it did not work.
int cprocess_return_large_blocks(int bytes);

/// flistxattr(2): the names of a file's extended attributes, each with its 0; how many bytes, or -1.
long cprocess_attribute_names(int descriptor, char *names, unsigned long size);

/// fgetxattr(2): one of them; how many bytes, or -1.
long cprocess_attribute(int descriptor, const char *name, void *value, unsigned long size);

/// fsetxattr(2): 0, or -1.
int cprocess_set_attribute(int descriptor, const char *name, const void *value, unsigned long size);

/// setfsgid(2) and setfsuid(2) of the calling thread alone: whose rights count where it opens files from here on. 1 where
/// both took effect, which these calls themselves do not report.
int cprocess_take_files_of(unsigned user, unsigned group);

/// posix_spawn(3) of another program, its path first in `words`: standard input from /dev/null, standard output (and error,
/// if `errors` is not 0, else /dev/null) into `output`, no other descriptor, `/` as its folder, a process group of its own,
/// no signal blocked or ignored. Its process id, or -1.
int cprocess_spawn(const char *path, char *const words[], char *const environment[], int output, int errors);

#endif
