import SparekeySQL

extension Migration {
    /// Which administrator issued a token, so that it ends with what entitled to it. NULL for the operator's, and for those
    /// of before.
    static let tokenIssuers = Migration(number: 8) { _ in
        [
            "ALTER TABLE reset_token ADD COLUMN issuer_id TEXT",
            "CREATE INDEX reset_token_issuer ON reset_token (issuer_id) WHERE issuer_id IS NOT NULL",
        ]
    }
}
