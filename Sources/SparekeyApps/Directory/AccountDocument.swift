import PasswordHashing
import Sparekey
import SparekeySQL

/// A file that holds a program's accounts, or one of them: the names in it take the place of columns.
struct AccountDocument {
    let place: AccountPlace
    let file: DocumentFile
    let content: DocumentFile.Content
    let text: DocumentText

    /// Nil where there is no such file.
    ///
    /// - Throws: ``DocumentText/Fault`` where it is not what the profile says, ``AppsError``.
    init?(_ place: AccountPlace, _ form: DocumentForm, path: String) throws {
        let file = DocumentFile(path: path, mostBytes: form.mostBytes)
        guard let content = try file.read() else { return nil }
        try self.init(place, form, file, content)
    }

    /// - Throws: ``DocumentText/Fault`` where it is not what the profile says.
    init(_ place: AccountPlace, _ form: DocumentForm, _ file: DocumentFile, _ content: DocumentFile.Content) throws {
        self.place = place
        self.file = file
        self.content = content
        text = try DocumentText(content.bytes, as: form)
        for record in text.records {
            guard let key = Self.required(place).first(where: { record.fields[$0] == nil }) else { continue }
            let line = text.records.count > 1 ? "line \(record.line)" : ""
            throw DocumentText.Fault(place: line, what: "the key \(key) is missing, or holds no single value")
        }
    }

    /// The id of the account that a person means.
    ///
    /// - Throws: ``RecoveryError`` `ambiguous` when several accounts have the name.
    func find(_ name: String) throws -> String? {
        for lookup in place.lookups {
            for isMeant in lookup.tests(name) {
                let found = accounts.filter { record in
                    if case .string(let stored) = record.fields[lookup.column] { isMeant(stored) } else { false }
                }
                guard found.count < 2 else { throw ambiguous(lookup) }
                if let record = found.first { return record.fields[place.id]?.value.credentialText }
            }
        }
        return nil
    }

    /// Nil where the account is no longer there, or twice.
    func row(_ id: String) -> AccountTable.Row? {
        guard let record = record(id) else { return nil }
        let role = place.role.map { record.holds($0.condition) }
        return AccountTable.Row(
            id: id, values: record.fields.mapValues(\.value), isAdministrator: role ?? false,
            states: place.states.filter { record.holds($0.condition) },
            refusals: place.refusals.filter { record.holds($0.condition) })
    }

    func columns(of id: String) -> StoredColumns {
        let fields = record(id)?.fields ?? [:]
        return StoredColumns(
            Dictionary(
                uniqueKeysWithValues: written(id).map { ($0.name, fields[$0.target.name]?.value.stored ?? .null) }))
    }

    /// Everything that a reset of the account writes; a step whose keys are not there is left out.
    func written(_ id: String) -> [WrittenColumn] {
        let fields = record(id)?.fields ?? [:]
        let credentials = place.credentials.flatMap { credential in
            credential.columns.sorted { $0.key.rawValue < $1.key.rawValue }.map { part, field in
                written(field.column, .credential(credential, part: part, encoding: field.encoding))
            }
        }
        let flag = place.mustChange.map { written($0.column, .flag($0)) }
        let stamps = place.effects.flatMap { effect -> [WrittenColumn] in
            guard case .set(let assignments) = effect.change else { return [] }
            let isThere = assignments.allSatisfy { fields[$0.column] != nil }
            return isThere ? assignments.map { written($0.column, .stamp($0.value)) } : []
        }
        return credentials + [flag].compactMap(\.self) + stamps
    }

    /// - Parameter inPlace: whether the file itself is written; what `old` has of it as a whole still stands then.
    func apply(
        _ new: StoredColumns, to id: String, expecting old: StoredColumns, inPlace: Bool = false
    ) throws -> ApplyOutcome {
        let mine = Set(written(id).map(\.name)).intersection(new.values.keys)
        guard columns(of: id).agrees(with: old, in: mine), old.whole(place).map({ $0 == content.bytes }) ?? true else {
            return .changedMeanwhile
        }
        do {
            guard let made = try text(with: new, of: id) else { return .changedMeanwhile }
            let isDone =
                try inPlace ? file.overwrite(content, with: made.bytes) : file.replace(content, with: made.bytes)
            return isDone ? .applied : .changedMeanwhile
        } catch let fault as DocumentText.Fault {
            throw AppsError(
                .refused, reason: "\(file.path) \(fault.words)",
                hint: "nothing was changed; write the value there by hand: sparekey hash make makes it")
        }
    }

    /// The document with other values of one account; nil where the account is not there, or twice.
    ///
    /// - Throws: ``DocumentText/Fault`` for what cannot be written.
    func text(with new: StoredColumns, of id: String) throws -> DocumentText? {
        guard let number = number(id) else { return nil }
        var values: [String: DocumentScalar] = [:]
        for written in written(id) where new.values[written.name] != nil {
            let name = written.target.name
            values[name] = DocumentScalar(SQLValue(new[written.name]), like: text.records[number].fields[name])
        }
        return try text.replacing(values, in: number)
    }

    /// The lines that a reset of the account changes, and what in each: `line 3: password`.
    func linesWritten(_ id: String) -> [String] {
        guard let record = record(id) else { return [] }
        let names = Dictionary(grouping: written(id).map(\.target.name), by: record.line(of:))
        return names.sorted { $0.key < $1.key }.map { "line \($0): \($1.joined(separator: ", "))" }
    }

    /// Those that are accounts of people.
    var accounts: [DocumentText.Record] {
        text.records.filter { record in place.only.allSatisfy { record.holds($0) } }
    }

    private func record(_ id: String) -> DocumentText.Record? { number(id).map { text.records[$0] } }

    private func number(_ id: String) -> Int? {
        let found = text.records.indices.filter { number in
            let record = text.records[number]
            return record.fields[place.id]?.value.credentialText == id && place.only.allSatisfy { record.holds($0) }
        }
        return found.count == 1 ? found.first : nil
    }

    private func written(_ key: String, _ content: WrittenColumn.Content) -> WrittenColumn {
        WrittenColumn(name: WrittenColumn.name(place.store.name, key), keyed: nil, target: .key(key), content: content)
    }

    private func ambiguous(_ lookup: Lookup) -> RecoveryError {
        RecoveryError(
            .ambiguous, reason: "several accounts in \(file.path) have that \(lookup.column)",
            hint: "nothing was changed; programs differ in which of them counts: leave one of them in the file")
    }

    private static func required(_ place: AccountPlace) -> [String] {
        [place.id] + place.lookups.prefix(1).map(\.column)
            + place.credentials.flatMap { $0.columns.values.map(\.column) }
            + [place.mustChange?.column].compactMap(\.self)
    }
}

extension DocumentText.Record {
    fileprivate func holds(_ condition: Condition) -> Bool {
        let value = fields[condition.column] ?? .null
        switch condition.test {
        case .isOneOf(let values): return values.contains { value.equals($0) }
        case .isNoneOf(let values): return !values.contains { value.equals($0) }
        case .begins(let start):
            guard case .string(let text) = value else { return false }
            return Array(text.utf8).starts(with: start.utf8)
        case .contains(let part):
            guard case .string(let text) = value else { return false }
            return text.contains(part)
        }
    }
}

extension Lookup {
    /// What the stored name has to be, the narrowest first.
    fileprivate func tests(_ name: String) -> [(String) -> Bool] {
        let exactly = { (wanted: String) in { (stored: String) in stored.utf8.elementsEqual(wanted.utf8) } }
        let lower = name.lowercased()
        switch comparison {
        case .exact: return [exactly(name)]
        case .lower: return [exactly(lower)]
        case .anyCase: return [exactly(name), exactly(lower), { $0.lowercased() == lower }]
        case .firstUpper: return [exactly(name.prefix(1).uppercased() + name.dropFirst())]
        }
    }
}

extension DocumentScalar {
    /// Truth as 0 or 1, as in a column.
    fileprivate var value: SQLValue {
        switch self {
        case .null: .null
        case .bool(let truth): .integer(truth ? 1 : 0)
        case .integer(let number): .integer(number)
        case .number(let text), .string(let text): .text(text)
        }
    }

    /// In the kind of the scalar that it replaces.
    fileprivate init(_ value: SQLValue, like old: DocumentScalar?) {
        switch (value, old) {
        case (.null, _): self = .null
        case (.integer(let number), .bool): self = .bool(number != 0)
        case (.integer(let number), .string): self = .string(String(number))
        case (.integer(let number), _): self = .integer(number)
        case (.text(let text), .number): self = .number(text)
        case (.text(let text), _): self = .string(text)
        case (.real(let number), _): self = .number(String(number))
        case (.blob(let bytes), _): self = .string(String(decoding: bytes, as: UTF8.self))
        }
    }

    fileprivate func equals(_ wanted: StoredValue) -> Bool {
        switch (self, wanted) {
        case (.null, .null): true
        case (.bool(let truth), .bool(let wanted)): truth == wanted
        case (.integer(let number), .integer(let wanted)): number == wanted
        case (.string(let text), .text(let wanted)): Array(text.utf8) == Array(wanted.utf8)
        default: false
        }
    }
}
