import SparekeySQL

extension SQLDatabase {
    @discardableResult
    func write(_ statement: SQLStatement) async throws -> Int {
        try await transaction(.write) { try $0.execute(statement) }
    }

    func read(_ statement: SQLStatement) async throws -> [SQLRow] {
        try await transaction(.read) { try $0.query(statement) }
    }

    func integer(_ statement: SQLStatement) async throws -> Int64? {
        try await read(statement).first.flatMap { row in
            if case .integer(let number) = row.values.first { number } else { nil }
        }
    }
}

/// Runs `work` and returns the error of the seam it threw, or nil.
func sqlError(_ work: () async throws -> Void) async -> SQLError? {
    do {
        try await work()
        return nil
    } catch {
        return error as? SQLError
    }
}

/// Reason and causes of an error, as a careless log would show them.
func everythingSaid(by error: SQLError?) -> String {
    guard let error else { return "" }
    return "\(error) \(error.reason) \(String(reflecting: error)) \(String(describing: error.cause))"
}
