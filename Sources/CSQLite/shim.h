#include <sqlite3.h>

// sqlite3_db_config is variadic, which Swift cannot call.
static inline int sparekey_sqlite_defensive(sqlite3 *connection) {
    return sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
}

// The log is not copied into the database, nor removed, when the connection is closed.
static inline int sparekey_sqlite_keep_log(sqlite3 *connection) {
    return sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}
