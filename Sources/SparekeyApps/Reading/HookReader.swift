import StrictYAML

/// Reads whom a profile wants told after a reset, and how its program's sign-in is asked.
enum HookReader {
    static func hook(_ mapping: ProfileMapping, secrets: [Label]) throws -> Hook {
        try mapping.allow("label", "what", "done", "without", "bearer")
        let bearer = mapping.has("bearer") ? try mapping.sentence("bearer") : nil
        guard bearer.map({ label in secrets.contains { $0.name == label } }) != false else {
            throw mapping.fault("bearer", "expected a label that stands under secrets", mapping.line)
        }
        return Hook(
            name: try ProfileReader.label(mapping), what: try mapping.sentence("what"),
            done: try mapping.optionalSentence("done"), without: try mapping.sentence("without"), bearer: bearer)
    }

    static func signIn(_ mapping: ProfileMapping) throws -> SignInForm {
        try mapping.allow("sends", "named_by", "name_field", "password_field", "also", "accepts", "refuses")
        let accepts = try statuses("accepts", mapping)
        let refuses = try statuses("refuses", mapping)
        guard Set(accepts).isDisjoint(with: refuses) else {
            throw mapping.fault("refuses", "expected none of those that stand under accepts", mapping.line)
        }
        let also = try mapping.mapping("also").map { fields in
            try fields.names.map { name, _ in (name, try fields.sentence(name)) }
        }
        return SignInForm(
            style: try mapping.choice("sends", SignInForm.Style.self),
            naming: mapping.has("named_by") ? try mapping.choice("named_by", SignInForm.Naming.self) : .username,
            nameField: try mapping.identifier("name_field"), passwordField: try mapping.identifier("password_field"),
            also: Dictionary(uniqueKeysWithValues: also ?? []), accepts: accepts, refuses: refuses)
    }

    private static func statuses(_ name: String, _ mapping: ProfileMapping) throws -> [Int] {
        let found = try mapping.list(name).map { value in
            guard case .scalar(let scalar) = value, !scalar.isQuoted, let status = Int(scalar.text),
                (200...599).contains(status)
            else { throw mapping.fault(name, "expected a list of HTTP statuses, 200 to 599", value.line) }
            return status
        }
        guard !found.isEmpty else { throw mapping.fault(name, "expected at least one HTTP status", mapping.line) }
        return found
    }
}
