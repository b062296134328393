import Foundation
import PasswordHashing
import Sparekey
import SparekeyInstance

/// What a new account needs, taken from options and, where a terminal is there, asked for.
struct NewAccountForm {
    let instance: Instance
    let terminal: Terminal?
    let email: String?
    let username: String?
    let displayName: String?
    let domain: String?
    /// Setting up: an e-mail and a domain are needed.
    let asksDomain: Bool

    static func refuse(missing: [String]) throws {
        guard !missing.isEmpty else { return }
        throw CommandFailure(
            .usage, "there is no terminal to ask for what is missing: \(missing.joined(separator: ", "))",
            hint: "give it as an option, or run the command in a terminal")
    }

    mutating func fill(source: PasswordSource) async throws -> NewAccountEntry {
        let email = try askEmail()
        let username = try askUsername(email)
        // The password is asked where the documents ask for it; what is asked after it is judged once more below.
        var typed = try await password(source, context: context(username, email, nil, nil))
        let displayName = try ask(displayName, "Display name [\(username.text)]: ") ?? username.text
        let domain = try askDomain()
        let context = context(username, email, displayName, domain)
        while true {
            do {
                let accepted = try await typed.accepted(by: instance.judge, context: context)
                return NewAccountEntry(
                    username: username, email: email, displayName: DisplayText(displayName).text, domain: domain,
                    password: accepted)
            } catch let error as RecoveryError where error.code == .policy && typed.canAskAgain {
                terminal?.say(error.violations.map(\.message).joined(separator: "\n"))
                typed = try await password(source, context: context)
            }
        }
    }

    private func askEmail() throws -> EmailAddress? {
        if let email { return try EmailAddress(email) }
        guard let terminal else { return nil }
        while true {
            let text = try terminal.ask(asksDomain ? "E-mail: " : "E-mail (may be empty): ")
            if text.isEmpty, !asksDomain { return nil }
            do { return try EmailAddress(text) } catch { terminal.say("\(error.reason): \(error.hint ?? "")") }
        }
    }

    private func askUsername(_ email: EmailAddress?) throws -> Username {
        let proposal = email.map(Username.proposed)
        if let username { return try Username(username) }
        guard let terminal else {
            guard let proposal else { throw CommandFailure(.usage, "the username is missing", hint: "give --username") }
            return try Username(proposal)
        }
        while true {
            let typed = try terminal.ask(proposal.map { "Username [\($0)]: " } ?? "Username: ")
            do {
                return try Username(typed.isEmpty ? proposal ?? "" : typed)
            } catch { terminal.say("\(error.reason): \(error.hint ?? "")") }
        }
    }

    private func askDomain() throws -> String? {
        guard asksDomain else { return nil }
        if let domain { return try InstanceDomain(domain).text }
        guard let terminal else { return nil }
        while true {
            let text = try terminal.ask("Instance domain (e.g. diy.example.com): ")
            do { return try InstanceDomain(text).text } catch { terminal.say("\(error.reason): \(error.hint ?? "")") }
        }
    }

    private func ask(_ given: String?, _ prompt: String) throws -> String? {
        if let given { return given }
        let text = try terminal?.ask(prompt).trimmingCharacters(in: .whitespaces)
        return text?.isEmpty == false ? text : nil
    }

    private func password(_ source: PasswordSource, context: PolicyContext) async throws -> TypedPassword {
        switch source {
        case .argument(let text): return .given(Password(utf8: text))
        case .standardInput: return .given(try PasswordSource.readStandardInput())
        case .generated: return .generated
        case .prompt:
            guard let terminal else { throw CommandFailure(.usage, "there is no terminal to ask for the password") }
            let dialogue = NewPasswordDialogue(terminal: terminal, judge: instance.judge)
            return .asked(try await dialogue.ask(context: context, history: []))
        }
    }

    private func context(
        _ username: Username, _ email: EmailAddress?, _ displayName: String?, _ domain: String?
    ) -> PolicyContext {
        PolicyContext(
            username: username.text, email: email?.text, displayName: displayName, domain: domain ?? instance.domain)
    }
}

/// A password on its way to be accepted.
private enum TypedPassword {
    case given(Password)
    case asked(AcceptedPassword)
    case generated

    var canAskAgain: Bool {
        if case .asked = self { true } else { false }
    }

    func accepted(by judge: JudgePassword, context: PolicyContext) async throws -> AcceptedPassword {
        switch self {
        case .given(let password): try await judge(password, origin: .given, context: context)
        case .asked(let accepted): try await judge(accepted.password, origin: .given, context: context)
        case .generated: try await judge.generate(context: context)
        }
    }
}

/// A filled form.
struct NewAccountEntry {
    let username: Username
    let email: EmailAddress?
    let displayName: String
    let domain: String?
    let password: AcceptedPassword

    func request(
        form: ResetForm, role: AccountRole, forceChange: Bool?, session: Session, reason: String?
    ) -> AddAccount.Request {
        AddAccount.Request(
            username: username, email: email, displayName: displayName, role: role, password: password, form: form,
            forceChange: forceChange, domain: domain, actor: session.actor, reason: reason)
    }

    /// The one place where a generated password becomes text: it is shown once.
    var shownPassword: String { password.shownOnce }

    func document(_ account: Account, warnings: [String]) -> JSONValue {
        var members: [String: JSONValue] = [
            "account": account.reference, "requirePasswordChange": .bool(account.requirePasswordChange),
            "warnings": .array(warnings.map(JSONValue.string)),
        ]
        if password.origin == .generated { members["password"] = .string(shownPassword) }
        return .object(members)
    }
}
