internal import SparekeySQL

extension SQLError {
    /// What the server refused, by its number (mysqld_error.h). Its own words are left out: they quote values.
    static func mariaDB(_ failure: MariaDBFailure, _ place: String, statement: SQLStatement?) -> SQLError {
        let (code, reason) = failure.isLoss ? lost : meaning(failure)
        return SQLError(
            code, reason: "\(place): \(reason)",
            cause: SQLFailureDetail(code: "MariaDB \(failure.number)", statement: statement))
    }

    /// What stopped a connection from being made.
    static func mariaDB(connecting failure: MariaDBFailure, _ place: String) -> SQLError {
        let (code, reason) = refusal(failure)
        return SQLError(
            code, reason: "\(place): \(reason)", cause: SQLFailureDetail(code: "MariaDB \(failure.number)"))
    }

    private static let lost = (Code.connectionLost, "the connection to the MariaDB server broke")

    private static func meaning(_ failure: MariaDBFailure) -> (Code, String) {
        let number = failure.number
        switch number {
        case 1213, 1020: return (.conflict, "another transaction was in the way (MariaDB \(number))")
        case 1205: return (.busy, "another program holds a row or table locked (MariaDB 1205)")
        case 1317, 1969, 3024: return (.busy, "the database took too long for a statement (MariaDB \(number))")
        case 1036, 1290, 1792, 1836, 3989: return (.readOnly, "the database can be read but not written")
        case 1021, 1041, 1114: return (.full, "the MariaDB server has no space left")
        case 1044, 1045, 1142, 1143, 1227, 1370, 1698: return (.denied, "the database user may not do this")
        case 1022, 1048, 1062, 1169, 1216, 1217, 1364, 1451, 1452, 1557, 1586, 1761, 1762, 3819, 4025:
            return (.constraint, constraint(failure))
        case 1644: return (.constraint, "a trigger of the database refused the row")
        case 1264, 1265, 1292, 1366, 1406: return (.other, "a value does not fit its column (MariaDB \(number))")
        case 1267, 1270, 1271: return (.other, "a text has characters that its column cannot hold (MariaDB \(number))")
        case 1665:
            return (.other, "the MariaDB server's binary log (binlog_format=STATEMENT) does not allow this change")
        default: return (.other, "the database refused a statement (MariaDB \(number))")
        }
    }

    private static func constraint(_ failure: MariaDBFailure) -> String {
        let rule = ruleName(failure).map { " \($0)" } ?? ""
        return "the rule\(rule) refused the row (MariaDB \(failure.number))"
    }

    /// The name of the key or constraint, which stands after everything that may be a value.
    private static func ruleName(_ failure: MariaDBFailure) -> String? {
        let words = failure.message
        switch failure.number {
        case 1062, 1586:
            guard words.hasSuffix("'"), let start = words.ranges(of: "for key '").last else { return nil }
            return String(words[start.upperBound...].dropLast())
        case 1451, 1452, 4025:
            guard let start = words.firstRange(of: "CONSTRAINT `") else { return nil }
            return String(words[start.upperBound...].prefix { $0 != "`" })
        case 1048, 1364:
            let parts = words.split(separator: "'", omittingEmptySubsequences: false)
            return parts.count == 3 ? String(parts[1]) : nil
        default: return nil
        }
    }

    private static func refusal(_ failure: MariaDBFailure) -> (Code, String) {
        switch failure.number {
        case 1049: (.unavailable, "the MariaDB server has no database of this name")
        case 1040, 1203, 1226: (.busy, "the MariaDB server takes no more connections")
        case 1044: (.denied, "this user may not connect to the database")
        case 1045, 1698, 1862, 3118, 4151: (.denied, "the MariaDB server refused the user or the password")
        case 1129, 1130: (.denied, "the MariaDB server does not take connections from this machine")
        case 1053, 1077, 1079: (.unavailable, "the MariaDB server is starting or stopping")
        case 2026: (.unavailable, unsafe(failure))
        case 2000..<3000: (.unavailable, "the MariaDB server cannot be reached\(said(failure))")
        default: (.unavailable, "the MariaDB server refused the connection (MariaDB \(failure.number))")
        }
    }

    private static func unsafe(_ failure: MariaDBFailure) -> String {
        """
        the MariaDB server did not show that it is the right one\(said(failure)); name the authority of its certificate \
        with ssl-ca=FILE in the address
        """
    }

    /// libmariadb's own words: host, port, socket and system error, never a password. A server that is not trusted yet
    /// may have put some of its own behind them.
    private static func said(_ failure: MariaDBFailure) -> String {
        let words = failure.message.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        let isForeign = words.contains("following error cannot be verified")
        return words.isEmpty || isForeign ? "" : ": \(words)"
    }
}
