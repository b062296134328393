import PasswordHashing

/// What one part of a profile needs of the schema; a part that may be missing is left out where the schema lacks it.
struct NeededPart {
    let columns: [ColumnNeed]
    let mayBeMissing: Bool
    /// The table that rows are changed in; nil where nothing is written.
    let writes: String?
    /// `to end sessions`; for the line that says it is left out.
    let purpose: String
}

extension AccountPlace {
    /// Everything that it names in the table it lives in and in others; nothing for a document.
    var needs: [NeededPart] {
        guard case .table(let home) = store else { return [] }
        // What is written comes before what is compared with it, and names the column where both do.
        let named = NeededPart(columns: identityNeeds(home), mayBeMissing: false, writes: home, purpose: "")
        let kinds = NeededPart(
            columns: flagNeeds(home) + conditionNeeds(home), mayBeMissing: false, writes: home, purpose: "")
        return [named] + credentials.map { credentialNeeds($0, home) } + [kinds] + effects.map { effectNeeds($0, home) }
    }

    /// The columns that a step names, in whichever table.
    func columns(of effect: SideEffect) -> [ColumnNeed] { effectNeeds(effect, store.name).columns }

    private func identityNeeds(_ home: String) -> [ColumnNeed] {
        let names = [identity.username, identity.email].compactMap(\.self) + identity.name
        return [ColumnNeed(table: home, column: id, use: "what names the account", form: .any, isKey: true)]
            + lookups.flatMap { lookup in
                [
                    ColumnNeed(
                        table: lookup.rows?.table ?? home, column: lookup.column,
                        use: "what people name themselves by", form: .label)
                ] + (lookup.rows?.needs(account: id) ?? [])
            } + names.map { ColumnNeed(table: home, column: $0, use: "what is shown of the account", form: .label) }
    }

    private func conditionNeeds(_ home: String) -> [ColumnNeed] {
        (only + asked).flatMap { condition in
            [condition.need(in: condition.rows?.table ?? home)] + (condition.rows?.needs(account: id) ?? [])
        }
    }

    /// What is asked about an account beside whether it is one.
    var asked: [Condition] {
        states.map(\.condition) + refusals.map(\.condition) + [role?.condition].compactMap(\.self)
    }

    private func flagNeeds(_ home: String) -> [ColumnNeed] {
        guard let mustChange else { return [] }
        return [
            ColumnNeed(
                table: home, column: mustChange.column, use: "whether the password must be changed",
                form: ColumnNeed.Form([mustChange.on, mustChange.off]), isWritten: true,
                takesNull: [mustChange.on, mustChange.off].contains(.null))
        ]
    }

    private func credentialNeeds(_ credential: Credential, _ home: String) -> NeededPart {
        let table = credential.table?.table ?? home
        let fields = credential.columns.sorted { $0.key.rawValue < $1.key.rawValue }.map { part, field in
            ColumnNeed(
                table: table, column: field.column, use: "the \(part) of the \(credential.name)",
                form: ColumnNeed.Form(field.encoding), isWritten: true)
        }
        let rows = credential.table.map { keyed in
            [ColumnNeed(table: table, column: keyed.key, use: "the account that a row belongs to", form: .same(as: id))]
                + keyed.only.map { $0.need(in: table) }
        }
        return NeededPart(columns: fields + (rows ?? []), mayBeMissing: false, writes: table, purpose: "")
    }

    private func effectNeeds(_ effect: SideEffect, _ home: String) -> NeededPart {
        let (table, columns): (String, [ColumnNeed]) =
            switch effect.change {
            case .set(let assignments): (home, assignments.map { $0.need(in: home, effect.purpose) })
            case .update(let table, let assignments, let terms):
                (table, assignments.map { $0.need(in: table, effect.purpose) } + terms.map { $0.need(in: table) })
            case .delete(let table, let terms): (table, terms.map { $0.need(in: table) })
            }
        let asked = Self.accountColumns(effect.change).map {
            ColumnNeed(table: home, column: $0, use: "what other tables name the account by", form: .any)
        }
        return NeededPart(
            columns: columns + asked, mayBeMissing: effect.mayBeMissing, writes: table, purpose: effect.purpose.words)
    }

    private static func accountColumns(_ change: SideEffect.Change) -> [String] {
        let terms: [RowTerm] =
            switch change {
            case .set: []
            case .update(_, _, let terms), .delete(_, let terms): terms
            }
        return terms.compactMap { if case .account(let column, _) = $0.value { column } else { nil } }
    }
}

extension OtherRows {
    fileprivate func needs(account id: String) -> [ColumnNeed] {
        let key = key.map {
            ColumnNeed(table: table, column: $0, use: "the account that a row belongs to", form: .same(as: id))
        }
        return [key].compactMap(\.self) + only.map { $0.need(in: table) }
    }
}

extension Condition {
    fileprivate func need(in table: String) -> ColumnNeed {
        let form: ColumnNeed.Form =
            switch test {
            case .isOneOf(let values), .isNoneOf(let values): ColumnNeed.Form(values)
            case .begins, .contains: .label
            }
        return ColumnNeed(table: table, column: column, use: "what kind of account it is", form: form)
    }
}

extension Assignment {
    fileprivate func need(in table: String, _ purpose: SideEffect.Purpose) -> ColumnNeed {
        ColumnNeed(
            table: table, column: column, use: "what is set \(purpose.words)", form: ColumnNeed.Form(value),
            isWritten: true, takesNull: value == .constant(.null))
    }
}

extension RowTerm {
    fileprivate func need(in table: String) -> ColumnNeed {
        let owner = "the account that a row belongs to"
        let (form, use): (ColumnNeed.Form, String) =
            switch value {
            case .account(let column, .exact): (.same(as: column), owner)
            case .account: (.label, owner)
            case .constant(let constant): (ColumnNeed.Form([constant]), "which rows are meant")
            }
        return ColumnNeed(table: table, column: column, use: use, form: form)
    }
}
