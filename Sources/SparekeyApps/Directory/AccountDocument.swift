import PasswordHashing
import Sparekey
import SparekeySQL

/// A JSON file beside a program's database that holds one account as an object: its keys take the place of columns.
struct AccountDocument {
    let place: AccountPlace
    let file: DocumentFile
    let content: DocumentFile.Content
    let text: JSONText

    /// Nil where there is no such file.
    ///
    /// - Throws: ``AppsError`` `misfit` where it is not what the profile says.
    init?(_ place: AccountPlace, _ path: String, in folder: String) throws {
        file = DocumentFile(folder: folder, name: path)
        guard let content = try file.read() else { return nil }
        self.place = place
        self.content = content
        do {
            text = try JSONText(content.bytes)
        } catch let fault as JSONText.Fault {
            throw Self.misfit(file, "byte \(fault.offset): \(fault.what)")
        }
        for key in Self.required(place) where text[key] == nil {
            throw Self.misfit(file, "the key \(key) is missing, or holds no single value")
        }
    }

    /// The id where it is the account that a person means.
    func find(_ name: String) -> String? {
        let isMeant = place.lookups.contains { lookup in
            guard case .string(let stored) = text[lookup.column] else { return false }
            switch lookup.comparison {
            case .exact: return Array(stored.utf8) == Array(name.utf8)
            case .lower: return Array(stored.utf8) == Array(name.lowercased().utf8)
            case .anyCase: return stored.lowercased() == name.lowercased()
            case .firstUpper: return stored == name.prefix(1).uppercased() + name.dropFirst()
            }
        }
        guard isMeant, place.only.allSatisfy(holds) else { return nil }
        return text[place.id]?.value.credentialText
    }

    /// Nil where another account lies there by now.
    func row(_ id: String) -> AccountTable.Row? {
        guard text[place.id]?.value.credentialText == id, place.only.allSatisfy(holds) else { return nil }
        let scalars = text.members.compactMap { member in member.scalar.map { (member.name, $0.value) } }
        let role = place.role.map { holds($0.condition) }
        return AccountTable.Row(
            id: id, values: Dictionary(uniqueKeysWithValues: scalars), isAdministrator: role ?? false,
            states: place.states.filter { holds($0.condition) },
            refusals: place.refusals.filter { holds($0.condition) })
    }

    var columns: StoredColumns {
        StoredColumns(
            Dictionary(uniqueKeysWithValues: written.map { ($0.name, text[$0.target.name]?.value.stored ?? .null) }))
    }

    /// Every key that a reset writes; a step whose keys are not there is left out.
    var written: [WrittenColumn] {
        let credentials = place.credentials.flatMap { credential in
            credential.columns.sorted { $0.key.rawValue < $1.key.rawValue }.map { part, field in
                written(field.column, .credential(credential, part: part, encoding: field.encoding))
            }
        }
        let flag = place.mustChange.map { written($0.column, .flag($0)) }
        let stamps = place.effects.flatMap { effect -> [WrittenColumn] in
            guard case .set(let assignments) = effect.change else { return [] }
            let isThere = assignments.allSatisfy { text[$0.column] != nil }
            return isThere ? assignments.map { written($0.column, .stamp($0.value)) } : []
        }
        return credentials + [flag].compactMap(\.self) + stamps
    }

    /// - Parameter draft: a random word for the name of the new file while it is made.
    func apply(_ new: StoredColumns, expecting old: StoredColumns, draft: String) throws -> ApplyOutcome {
        let mine = written.filter { new.values[$0.name] != nil }
        guard columns.agrees(with: old, in: Set(mine.map(\.name))) else { return .changedMeanwhile }
        var values: [String: JSONScalar] = [:]
        for written in mine {
            values[written.target.name] = JSONScalar(SQLValue(new[written.name]), like: text[written.target.name])
        }
        do {
            let made = try text.replacing(values)
            return try file.replace(content, with: made.bytes, draft: draft) ? .applied : .changedMeanwhile
        } catch let fault as JSONText.Fault {
            throw Self.misfit(file, "byte \(fault.offset): \(fault.what)")
        }
    }

    private func written(_ key: String, _ content: WrittenColumn.Content) -> WrittenColumn {
        WrittenColumn(name: WrittenColumn.name(place.store.name, key), keyed: nil, target: .key(key), content: content)
    }

    private func holds(_ condition: Condition) -> Bool {
        let value = text[condition.column] ?? .null
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

    private static func required(_ place: AccountPlace) -> [String] {
        [place.id] + place.lookups.map(\.column)
            + place.credentials.flatMap { $0.columns.values.map(\.column) }
            + [place.mustChange?.column].compactMap(\.self)
    }

    private static func misfit(_ file: DocumentFile, _ what: String) -> AppsError {
        AppsError(
            .misfit, reason: "\(file.path) is not as the profile has it: \(what)",
            hint: "nothing was changed; is it damaged, or of another version of the program?")
    }
}

extension JSONScalar {
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
    fileprivate init(_ value: SQLValue, like old: JSONScalar?) {
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
