#include <linux/capability.h>
#include <sqlite3.h>
#include <sys/fsuid.h>
#include <sys/syscall.h>
#include <unistd.h>

// Of the calling thread alone (setfsuid(2)): what it creates belongs to that user, and it may write what that user may.
// Folders that only root may pass, as those of a container engine's volumes are, it still passes: of the rights that root has
// for files the one to read and search is taken up again (capabilities(7), CAP_DAC_READ_SEARCH), where root has it at all.
// Returns whether it took effect; the first two calls report no error.
static inline int sparekey_thread_files_of(uid_t user, gid_t group) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct sets[2];
    setfsgid(group);
    setfsuid(user);
    if (syscall(SYS_capget, &header, sets) == 0) {
        sets[0].effective |= sets[0].permitted & (1u << CAP_DAC_READ_SEARCH);
        syscall(SYS_capset, &header, sets);
    }
    return setfsgid(group) == (int)group && setfsuid(user) == (int)user;
}

// sqlite3_db_config is variadic, which Swift cannot call.
static inline int sparekey_sqlite_defensive(sqlite3 *connection) {
    return sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
}

// The log is not copied into the database, nor removed, when the connection is closed.
static inline int sparekey_sqlite_keep_log(sqlite3 *connection) {
    return sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}
