import ArgumentParser
import Sparekey
import SparekeyInstance

/// `sparekey requests`: what people asked for at the forgot-password page.
struct RequestsCommand: SparekeyCommandGroup {
    static let configuration = CommandConfiguration(
        commandName: "requests",
        subcommands: [RequestsList.self, RequestsShow.self, RequestsApprove.self, RequestsDeny.self], helpNames: [])

    static let help = """
        sparekey requests: what people asked for at the forgot-password page

          sparekey requests list              the requests, newest first
          sparekey requests show REQUEST      one request, and its code while it works
          sparekey requests approve REQUEST   let there be a code, where one needs an approval
          sparekey requests deny REQUEST      let there be none

        Each has its own --help.

        Example: sparekey requests list
        """
}

/// `sparekey requests list`.
struct RequestsList: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "list", helpNames: [])

    static let help = """
        sparekey requests list: what people asked for, newest first

        Requests are kept for seven days. A name in quotes is nobody's.

          --limit N         at most N requests (default 20, at most 1000)
          --after REQUEST   the page behind this number
          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey requests list --limit 5
        """

    @OptionGroup var common: CommonOptions
    @Option var limit = 20
    @Option var after: Int64?

    func run(_ session: Session) async throws {
        guard (1...1000).contains(limit) else {
            throw CommandFailure(.usage, "--limit takes a number from 1 to 1000")
        }
        let instance = try await session.open()
        let found = try await instance.codeRequests.requests(before: after, limit: limit + 1, now: instance.now)
        let requests = Array(found.prefix(limit))
        let next = found.count > limit ? requests.last?.number : nil
        guard !session.output.json else {
            return try session.output.answer(
                .object([
                    "requests": .array(requests.map { .object($0.members) }),
                    "next": next.map(JSONValue.integer) ?? .null,
                ]))
        }
        let rows = requests.map { [String($0.number), $0.requestedAt.rfc3339, $0.whom, $0.state.rawValue] }
        for line in Table(["REQUEST", "TIME", "ACCOUNT", "STATE"], rows).lines { try session.output.answer(line) }
        if requests.isEmpty { session.output.advise("Nobody asked for a code in the last seven days.") }
        if let next { session.output.advise("More: sparekey requests list --after \(next)") }
    }
}

/// `sparekey requests show`.
struct RequestsShow: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "show", helpNames: [])

    static let help = """
        sparekey requests show REQUEST: one request, and its code while it works

        Give the code by voice or encrypted chat, and only to the person you know. That it
        was shown stays in the audit trail.

          --reason TEXT     for the audit trail
          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey requests show 12
        """

    @OptionGroup var common: CommonOptions
    @Argument var request: Int64
    @Option var reason: String?

    func run(_ session: Session) async throws {
        session.output.trail("Starting requests show \(request)")
        let instance = try await session.open()
        session.output.trail("Connecting to database: \(instance.place)")
        let found = try await instance.codeRequest(request)
        guard found.state == .live else { return try session.answer(found, code: nil) }
        let (shown, code) = try await instance.decideCodeRequest.reveal(
            request, actor: session.actor, reason: cleanReason(reason))
        session.output.trail("Revealed the code of request \(request)")
        try session.answer(shown, code: code.shownOnce)
        session.output.advise("Give it by voice or encrypted chat, and only to the person you know.")
    }
}

/// `sparekey requests approve`.
struct RequestsApprove: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "approve", helpNames: [])

    static let help = """
        sparekey requests approve REQUEST: let there be a code

        For requests that wait: where the setting approval is one, and where too many wrong
        codes were tried. Approve only what the person has told you themselves.

          --reason TEXT     for the audit trail
          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey requests approve 12 --reason 'called me from her own number'
        """

    @OptionGroup var common: CommonOptions
    @Argument var request: Int64
    @Option var reason: String?

    func run(_ session: Session) async throws {
        session.output.trail("Starting requests approve \(request)")
        let instance = try await session.open()
        session.output.trail("Connecting to database: \(instance.place)")
        let approved = try await instance.decideCodeRequest.approve(
            request, actor: session.actor, reason: cleanReason(reason))
        session.output.trail("Approved request \(request) for account_id=\(approved.accountID ?? "")")
        guard !session.output.json else { return try session.answer(approved, code: nil) }
        try session.output.answer("Request \(request) of \(approved.whom) is approved")
        session.output.advise(
            "Its code works until \(approved.expiresAt?.rfc3339 ?? "now"): sparekey requests show \(request)")
    }
}

/// `sparekey requests deny`.
struct RequestsDeny: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "deny", helpNames: [])

    static let help = """
        sparekey requests deny REQUEST: let there be no code

        Whoever asked is told nothing, and can ask again. A code that exists already stays.

          --reason TEXT     for the audit trail
          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey requests deny 12 --reason 'it was not her'
        """

    @OptionGroup var common: CommonOptions
    @Argument var request: Int64
    @Option var reason: String?

    func run(_ session: Session) async throws {
        session.output.trail("Starting requests deny \(request)")
        let instance = try await session.open()
        session.output.trail("Connecting to database: \(instance.place)")
        let denied = try await instance.decideCodeRequest.deny(
            request, actor: session.actor, reason: cleanReason(reason))
        session.output.trail("Denied request \(request)")
        guard !session.output.json else { return try session.answer(denied, code: nil) }
        try session.output.answer("Request \(request) of \(denied.whom) is denied")
    }
}

private func cleanReason(_ reason: String?) -> String? {
    reason.map { DisplayText($0, limit: 400).text }
}

extension Instance {
    fileprivate func codeRequest(_ number: Int64) async throws -> CodeRequest {
        if let found = try await codeRequests.request(number, now: now) { return found }
        throw RecoveryError(
            .unknownRequest, reason: "there is no request \(number)", hint: "sparekey requests list shows them all")
    }
}

extension Session {
    fileprivate func answer(_ request: CodeRequest, code: String?) throws {
        guard !output.json else {
            let members = request.members.merging(["code": .optional(code)]) { $1 }
            return try output.answer(.object(["request": .object(members)]))
        }
        try output.answer("   Request: \(request.number)")
        try output.answer("   Account: \(request.whom)")
        try output.answer(
            "   Requested at: \(request.requestedAt.rfc3339) from \(request.address ?? "an unknown address")")
        try output.answer("   State: it \(request.state.words)")
        if let code {
            try output.answer("   Code: \(code)")
            try output.answer("   Works until: \(request.expiresAt?.rfc3339 ?? "now")")
        }
        if request.state == .waiting {
            if request.isOverBudget {
                output.advise("Too many wrong codes were tried for this account, or on this server.")
            }
            output.advise(
                "sparekey requests approve \(request.number) makes a code, sparekey requests deny refuses one.")
        }
    }
}

extension CodeRequest {
    /// The account's username, or in quotes what was typed where that is nobody's, or nobody looked yet.
    fileprivate var whom: String {
        let place = app.map { " in \(DisplayText($0, limit: 64).text)" } ?? ""
        return (username.map { DisplayText($0, limit: 64).text } ?? "'\(DisplayText(name, limit: 64).text)'") + place
    }

    fileprivate var members: [String: JSONValue] {
        let account = accountID.map { ["id": .string($0), "username": .optional(username)] as [String: JSONValue] }
        return [
            "request": .integer(number), "app": .optional(app), "name": .string(DisplayText(name, limit: 320).text),
            "account": account.map(JSONValue.object) ?? .null, "address": .optional(address),
            "state": .string(state.rawValue), "overBudget": .bool(isOverBudget),
            "requestedAt": .string(requestedAt.rfc3339), "expiresAt": .optional(expiresAt?.rfc3339),
        ]
    }
}
