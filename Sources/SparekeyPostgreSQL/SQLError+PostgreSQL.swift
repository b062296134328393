internal import SparekeySQL

extension SQLError {
    /// What the server refused, by its SQLSTATE. Its own words are left out: they may quote a value.
    static func postgreSQL(
        _ answer: PostgreSQLAnswer, _ place: String, isLost: Bool, statement: SQLStatement?
    ) -> SQLError {
        let state = answer.sqlState ?? ""
        let (code, reason) = isLost ? lost : meaning(state, answer)
        return SQLError(
            code, reason: "\(place): \(reason)",
            cause: SQLFailureDetail(code: state.isEmpty ? "no SQLSTATE" : "SQLSTATE \(state)", statement: statement))
    }

    /// What stopped a connection from being made.
    ///
    /// - Parameters:
    ///   - state: the server's SQLSTATE; nil when it was never reached.
    ///   - message: libpq's own words, used when `state` is nil: host, port, file and system error, never a password.
    static func postgreSQL(connecting state: String?, _ message: String, _ place: String) -> SQLError {
        guard let state else { return unreached(message, place) }
        let (code, reason) = refusal(state)
        return SQLError(code, reason: "\(place): \(reason)", cause: SQLFailureDetail(code: "SQLSTATE \(state)"))
    }

    /// A connection that broke while nothing was asked on it.
    static func postgreSQLLost(_ place: String) -> SQLError {
        SQLError(lost.0, reason: "\(place): \(lost.1)")
    }

    private static let lost = (Code.connectionLost, "the connection to the PostgreSQL server broke")

    private static func meaning(_ state: String, _ answer: PostgreSQLAnswer) -> (Code, String) {
        switch state {
        case "40001", "40P01": (.conflict, "another transaction was in the way (SQLSTATE \(state))")
        case "55P03", "57014": (.busy, "another program holds a row or table locked (SQLSTATE \(state))")
        case "25006": (.readOnly, "the database can be read but not written")
        case "53100": (.full, "the PostgreSQL server has no space left")
        case "57P01", "57P02", "57P03", "25P03": lost
        case "42501": (.denied, "the database user may not do this")
        default:
            switch state.prefix(2) {
            case "23": (.constraint, constraint(state, answer))
            case "28": (.denied, "the user or password was refused")
            case "08": lost
            case "53": (.unavailable, "the PostgreSQL server is out of memory or connections (SQLSTATE \(state))")
            default: (.other, "the database refused a statement (SQLSTATE \(state))")
            }
        }
    }

    private static func constraint(_ state: String, _ answer: PostgreSQLAnswer) -> String {
        let rule = answer.constraint.map { " \($0)" } ?? ""
        let place = [answer.table, answer.column].compactMap(\.self).joined(separator: ".")
        let table = place.isEmpty ? "" : " of \(place)"
        return "the rule\(rule)\(table) refused the row (SQLSTATE \(state))"
    }

    private static func refusal(_ state: String) -> (Code, String) {
        switch state {
        case "3D000": (.unavailable, "the PostgreSQL server has no database of this name")
        case "53300": (.busy, "the PostgreSQL server takes no more connections")
        case "57P03": (.unavailable, "the PostgreSQL server is starting, stopping or recovering")
        case "42501": (.denied, "this user may not connect to the database")
        case _ where state.hasPrefix("28"): (.denied, "the PostgreSQL server refused the user or the password")
        default: (.unavailable, "the PostgreSQL server refused the connection (SQLSTATE \(state))")
        }
    }

    private static func unreached(_ message: String, _ place: String) -> SQLError {
        let said = message.split(whereSeparator: \.isNewline).first.map { ": \($0)" } ?? ""
        let hint =
            message.contains("certificate")
            ? "; name the server's certificate authority with sslrootcert=FILE in the address" : ""
        return SQLError(.unavailable, reason: "\(place): the PostgreSQL server cannot be reached\(said)\(hint)")
    }
}
