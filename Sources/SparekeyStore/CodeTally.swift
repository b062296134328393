import Sparekey
import SparekeySQL

/// How often somebody guessed at the codes of one subject, as the transaction around it found it.
///
/// Every guess writes the same rows with the same statements, whatever the name stands for and whether a code lives: only
/// the amounts differ (SEC-4).
struct CodeTally {
    private let subject: CodeSubject
    private let now: Timestamp
    private let tries: Int64
    private let comparedOnDay: Int64
    private let compared: Int64
    private let notedMinute: Int64
    private let wrongOnDay: Int64

    /// Reads the subject's row, making it where there is none, and the instance's of the day.
    init(_ subject: CodeSubject, at now: Timestamp, _ connection: any SQLConnection) throws {
        self.subject = subject
        self.now = now
        try connection.execute(
            """
            INSERT INTO code_tries
              (subject, account_id, tries, day, compared_on_day, compared, noted_minute, updated_at)
            VALUES (\(subject.bytes), \(subject.accountID.sqlValue), 0, \(now.day), 0, 0, 0, \(now.microseconds))
            ON CONFLICT (subject) DO NOTHING
            """)
        let row = try connection.query(
            """
            SELECT tries, day, compared_on_day, compared, noted_minute FROM code_tries WHERE subject = \(subject.bytes)
            """
        ).first
        guard let row else { throw StoreError(.damaged, reason: "a row of code_tries that was just written is gone") }
        tries = try row.integer("tries")
        comparedOnDay = try row.integer("day") == now.day ? row.integer("compared_on_day") : 0
        compared = try row.integer("compared")
        notedMinute = try row.integer("noted_minute")
        wrongOnDay =
            try connection.query("SELECT wrong FROM code_day WHERE day = \(now.day)").first?.integer("wrong") ?? 0
    }

    /// What an account has used of its budgets.
    static func comparisons(
        of subject: CodeSubject, now: Timestamp, _ connection: any SQLConnection
    ) throws -> CodeComparisons {
        let row = try connection.query(
            "SELECT day, compared_on_day, compared FROM code_tries WHERE subject = \(subject.bytes)"
        ).first
        guard let row else { return CodeComparisons(today: 0, sinceSuccess: 0) }
        let isToday = try row.integer("day") == now.day
        return CodeComparisons(
            today: isToday ? try row.integer("compared_on_day") : 0, sinceSuccess: try row.integer("compared"))
    }

    /// The tries that the live codes share are used up.
    var isSpent: Bool { tries >= CodeRules.tries }

    /// No wrong guess at this subject was noted in the audit trail in this minute.
    var isNewMinute: Bool { notedMinute != now.minute }

    func isOver(_ budgets: CodeBudgets?) -> Bool {
        guard let budgets else { return false }
        return comparedOnDay >= budgets.accountDay || compared >= budgets.accountSinceSuccess
            || wrongOnDay >= budgets.instanceDay
    }

    /// Whether a wrong guess that is compared now is the last that `budgets` hold: the operator is to know (SEC-1).
    func endsBudget(_ budgets: CodeBudgets?) -> Bool {
        guard let budgets, !isOver(budgets) else { return false }
        return comparedOnDay + 1 >= budgets.accountDay || compared + 1 >= budgets.accountSinceSuccess
            || (subject.accountID != nil && wrongOnDay + 1 >= budgets.instanceDay)
    }

    /// Those that may be compared: beyond a budget only what somebody approved.
    func usable(_ live: [LiveCode], budgets: CodeBudgets?) -> [LiveCode] {
        isOver(budgets) ? live.filter(\.isApproved) : live
    }

    /// For the codes to come: no try was made at them.
    func beginAnew(_ connection: any SQLConnection) throws {
        guard tries != 0 else { return }
        try connection.execute("UPDATE code_tries SET tries = 0 WHERE subject = \(subject.bytes)")
    }

    /// Counts before anything is compared: one update, whose row count tells whether there was a try left.
    func count(_ step: Int64, _ connection: any SQLConnection) throws -> Bool {
        let step = isSpent ? 0 : step
        let counted = try connection.execute(
            """
            UPDATE code_tries SET tries = tries + \(step), compared = compared + \(step), day = \(now.day),
              compared_on_day = \(comparedOnDay + step), updated_at = \(now.microseconds)
            WHERE subject = \(subject.bytes) AND tries + \(step) <= \(CodeRules.tries)
            """)
        return counted == 1 && !isSpent
    }

    /// Gives a right guess its try back, and counts a wrong one for the instance. Guesses at nobody's codes can find
    /// nothing, so they must not use up what the instance allows.
    func conclude(wasCompared: Bool, isRight: Bool, _ connection: any SQLConnection) throws {
        let back: Int64 = isRight ? 1 : 0
        let wrong: Int64 = wasCompared && !isRight && subject.accountID != nil ? 1 : 0
        try connection.execute(
            """
            UPDATE code_tries SET tries = tries - \(back), compared = compared - \(back),
              compared_on_day = compared_on_day - \(back), noted_minute = \(isRight ? notedMinute : now.minute)
            WHERE subject = \(subject.bytes)
            """)
        try connection.execute(
            """
            INSERT INTO code_day (day, wrong) VALUES (\(now.day), \(wrong))
            ON CONFLICT (day) DO UPDATE SET wrong = code_day.wrong + \(wrong)
            """)
    }
}

extension Timestamp {
    /// Whole days since 1970, in UTC.
    fileprivate var day: Int64 { microseconds / 86_400_000_000 }
    /// Whole minutes since 1970.
    fileprivate var minute: Int64 { microseconds / 60_000_000 }
}
