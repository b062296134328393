import PasswordHashing
import SparekeySQL
import StrictYAML

/// A candidate with the confidence that its evidence carries.
struct JudgedCandidate {
    let candidate: AccountCandidate
    let parts: DetectedAccounts.Parts
    let evidence: [String]

    /// - Parameter runnerUp: the score of the next candidate.
    init(_ candidate: AccountCandidate, runnerUp: Int?) {
        self.candidate = candidate
        var evidence: [String] = []
        let table = Self.table(candidate, runnerUp, &evidence)
        let identity = Self.identity(candidate, &evidence)
        let password = Self.password(candidate, &evidence)
        let format = Self.format(candidate, &evidence)
        parts = DetectedAccounts.Parts(
            table: min(table, password == .unsure ? .likely : .sure), identity: identity, password: password,
            format: format)
        self.evidence = evidence
    }

    private static func table(
        _ candidate: AccountCandidate, _ runnerUp: Int?, _ evidence: inout [String]
    ) -> DetectedAccounts.Confidence {
        let name = printable(candidate.table.name)
        let rows = candidate.table.rows
        let count = rows == TableSample.mostRows ? "at least \(rows) rows" : rows == 1 ? "1 row" : "\(rows) rows"
        evidence.append("the accounts seem to be in the table \(name), which has \(count)")
        if candidate.references > 0 {
            evidence.append("\(candidate.references) other tables have a column for one of its rows")
        }
        if let runnerUp, runnerUp > candidate.score - 25 {
            evidence.append("another table looks much like accounts too")
            return runnerUp > candidate.score - 10 ? .unsure : .likely
        }
        guard candidate.table.meaning.accounts > 10 else {
            evidence.append("its name does not say that it holds accounts")
            return .unsure
        }
        return candidate.score >= 90 ? .sure : candidate.score >= 75 ? .likely : .unsure
    }

    private static func identity(
        _ candidate: AccountCandidate, _ evidence: inout [String]
    ) -> DetectedAccounts.Confidence {
        if let email = candidate.email, candidate.table.traits[email.name]?.areEmails == true {
            evidence.append("the values of \(printable(email.name)) are e-mail addresses")
        }
        guard let username = candidate.username else {
            guard let email = candidate.email else {
                evidence.append("no column says by what people name themselves")
                return .unsure
            }
            let isPlain = candidate.table.traits[email.name]?.areEmails == true
            return isPlain ? .sure : .likely
        }
        let isUnique = candidate.table.isUnique(username.name)
        if isUnique { evidence.append("no two rows have the same \(printable(username.name))") }
        let score = ColumnMeaning(username.name).username
        return score >= 9 ? .sure : isUnique && score >= 7 ? .likely : .unsure
    }

    private static func password(
        _ candidate: AccountCandidate, _ evidence: inout [String]
    ) -> DetectedAccounts.Confidence {
        let credential = candidate.place.credential
        if let keyed = candidate.place.keyed {
            evidence.append(
                "the passwords lie in the table \(printable(keyed.table)), whose \(printable(keyed.key)) names the account"
            )
        }
        let name = printable(credential.hashColumn)
        guard credential.isReadable else {
            evidence.append(
                credential.values == 0
                    ? "\(name) is named like a password, and no row has one yet"
                    : "\(name) is named like a password, and its values are of no form that is known")
            return credential.nameScore == 50 ? .likely : .unsure
        }
        evidence.append("\(credential.readable) of \(credential.values) values of \(name) are stored passwords")
        if credential.nameScore == 0 { evidence.append("the name \(name) does not say so") }
        let others = candidate.place.table.credentials.filter {
            $0.nameScore == 50 && $0.values > 0 && $0.hashColumn != credential.hashColumn
        }
        if let other = others.first {
            evidence.append("\(printable(other.hashColumn)) seems to hold passwords too, and stays as it is")
            return .likely
        }
        return credential.nameScore == 50 ? .sure : .likely
    }

    private static func format(
        _ candidate: AccountCandidate, _ evidence: inout [String]
    ) -> DetectedAccounts.Confidence {
        let credential = candidate.place.credential
        guard credential.isReadable else { return .unsure }
        let names = credential.formats.map { "\($0.format.name) \($0.rows)" }.joined(separator: ", ")
        evidence.append("their form: \(names)")
        if credential.readable * 10 < credential.values * 8 {
            evidence.append("the other values are of no form that is known")
        }
        if credential.formats.count > 1 {
            evidence.append("several forms lie there, and which of them the program writes today cannot be seen")
        }
        let name = credential.formats.first?.format.name ?? ""
        if credential.columns.count > 1 {
            evidence.append("it takes several columns together, and other programs may join them in another way")
            return name == "metabase-bcrypt" ? .unsure : .likely
        }
        if candidate.place.table.first(\.isSalt) != nil {
            evidence.append(
                "a salt lies beside it that this form does not need: what the program does with it cannot be seen")
            return .unsure
        }
        let isDevise = NameWords(credential.hashColumn).joined == "encryptedpassword"
        if isDevise { evidence.append("programs with this column may add a secret of their own (a pepper)") }
        let isMixed = credential.formats.count > 1 || credential.readable < credential.values
        return isDevise || isMixed ? .likely : .sure
    }
}
