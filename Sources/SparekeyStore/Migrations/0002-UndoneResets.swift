import SparekeySQL

extension Migration {
    /// Which reset a reset took back.
    static let undoneResets = Migration(number: 2) { _ in
        ["ALTER TABLE reset ADD COLUMN undoes BIGINT"]
    }
}
