import SparekeySQL

extension Migration {
    /// Requests and codes are no longer listed by account, but for the requests that wait for an approval, which a reset
    /// voids: the entries were the only work that a request for an account cost and one for nobody did not (SEC-4), and
    /// only the removal of an account read them, of rows that are gone after a week.
    static let codesWithoutAccountIndex = Migration(number: 11) { _ in
        [
            "DROP INDEX reset_code_account",
            "DROP INDEX reset_request_account",
            "CREATE INDEX reset_request_waiting ON reset_request (account_id) WHERE state = 'waiting'",
        ]
    }
}
