import PasswordHashing

extension CheckProgram {
    /// The same for a file that holds accounts and is no database.
    ///
    /// Lines and keys alone do not tell one program from another: a profile that nobody named fits a file only where at least
    /// one password in it is stored as the program stores them, and where its path has a word of the profile's marks. Of
    /// several, those fit that have such a word, else those that know most of the passwords.
    ///
    /// - Throws: ``AppsError`` where the file cannot be read.
    public func callAsFunction(file path: String) throws -> Report {
        let isGuess = profiles.count > 1
        let fits = try profiles.map { try ProfileFit($0, inFile: path, isGuess: isGuess) }
        let best = fits.filter(\.fits).map(\.likeness).max(by: <) ?? (0, 0)
        let told = fits.map { fit in
            guard isGuess, fit.fits, fit.likeness < best else { return fit }
            return ProfileFit(
                fit.profile, "file", "it is more like another program's", expected: "one of \(fit.profile.title)")
        }
        return Report(place: path, kind: .file, version: "", fits: told)
    }
}

extension ProfileFit {
    /// Whether its path says so, and how many passwords in it the program can read.
    fileprivate var likeness: (Int, Int) {
        let known = surveys.flatMap(\.credentials).flatMap(\.formats).map(\.rows).reduce(0, +)
        return (profile.marks.isEmpty ? 0 : 1, known)
    }

    fileprivate init(_ profile: Profile, _ table: String?, _ found: String, expected: String) {
        self.init(profile, mismatches: [Mismatch(table: table, column: nil, found: found, expected: expected)])
    }

    /// - Throws: ``AppsError``.
    fileprivate init(_ profile: Profile, inFile path: String, isGuess: Bool) throws {
        guard let place = profile.accounts.first, case .file(let form) = place.store else {
            let kinds = profile.databases.map(\.words).joined(separator: " or ")
            self.init(profile, nil, "it is a file", expected: "\(kinds), where \(profile.title) keeps its accounts")
            return
        }
        let document: AccountDocument?
        do {
            document = try AccountDocument(place, form, path: path)
        } catch let fault as DocumentText.Fault {
            self.init(profile, "file", fault.words, expected: form.expectation)
            return
        }
        guard let document else {
            throw AppsError(.refused, reason: "there is no file \(path)", hint: "nothing was changed; check the path")
        }
        let survey = AccountSurvey(place, document)
        if let unlike = isGuess ? Self.unlike(profile, path, survey) : nil {
            self.init(profile, "file", unlike, expected: "a file of \(profile.title)")
            return
        }
        self.init(profile, surveys: [survey])
    }

    private static func unlike(_ profile: Profile, _ path: String, _ survey: AccountSurvey) -> String? {
        if !survey.credentials.contains(where: { !$0.formats.isEmpty }) {
            return "no password in it is stored as one there"
        }
        let isMarked = profile.marks.isEmpty || profile.marks.contains { path.lowercased().contains($0.lowercased()) }
        return isMarked ? nil : "its path has no \(profile.marks.joined(separator: " and no "))"
    }
}

extension AccountSurvey {
    /// Of a file that was read.
    fileprivate init(_ place: AccountPlace, _ document: AccountDocument) {
        let accounts = document.accounts
        self.init(
            table: place.store.name, place: place.store.words, accounts: accounts.count, isMore: false,
            credentials: place.credentials.map { credential in
                Stored(
                    credential,
                    of: accounts.prefix(Self.mostValues).map { record in
                        StoredCredential(credential.columns.compactMapValues { record.fields[$0.column]?.text })
                    })
            })
    }
}

extension DocumentForm {
    fileprivate var expectation: String {
        let place =
            switch accounts {
            case .document: ""
            case .list(let path), .members(let path, _): path.isEmpty ? "" : " under \(path.joined(separator: "."))"
            }
        switch notation {
        case .json: return "JSON with accounts\(place)"
        case .yaml: return "YAML with accounts\(place)"
        case .lines(let form): return "lines of \(form.fields.prefix(form.least).joined(separator: ":"))"
        }
    }
}

extension DocumentScalar {
    fileprivate var text: String? {
        switch self {
        case .null: nil
        case .bool(let truth): "\(truth)"
        case .integer(let number): "\(number)"
        case .number(let text), .string(let text): text
        }
    }
}
