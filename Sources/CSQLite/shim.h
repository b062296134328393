#include <sqlite3.h>
#include <sys/fsuid.h>

// Of the calling thread alone (setfsuid(2)): what it creates belongs to that user, and it may open what that user may.
// Returns whether it took effect; these calls report no error.
static inline int sparekey_thread_files_of(uid_t user, gid_t group) {
    setfsgid(group);
    setfsuid(user);
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
