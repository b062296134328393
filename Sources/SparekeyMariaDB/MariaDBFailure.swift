import CMariaDB

/// What the server or libmariadb said about one command.
struct MariaDBFailure: Error {
    /// The server's number (mysqld_error.h), or libmariadb's own from 2000 to 2999 (errmsg.h).
    let number: UInt32
    /// May quote bound values.
    let message: String

    init(_ handle: UnsafeMutablePointer<MYSQL>) {
        number = mysql_errno(handle)
        message = mysql_error(handle).map { String(cString: $0) } ?? ""
    }

    init(_ statement: UnsafeMutablePointer<MYSQL_STMT>) {
        number = mysql_stmt_errno(statement)
        message = mysql_stmt_error(statement).map { String(cString: $0) } ?? ""
    }

    init(number: UInt32) {
        self.number = number
        message = ""
    }

    /// The session is over: gone away, lost, server stopping, killed, or idle for too long.
    var isLoss: Bool { [2006, 2013, 2055, 1053, 1927, 4031].contains(number) }
}
