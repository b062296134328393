import Sparekey
import Testing

@testable import SparekeyServer

@Suite("Texts of the audit trail")
struct AuditTextTests {
    @Test("every action has a sentence and a label of its own, and none is the program's word")
    func sentences() {
        let actions = AuditEvent.Action.allCases
        let sentences = actions.map { Texts.Audit.sentence($0, "ada") }
        let labels = actions.map(Texts.Audit.label)
        #expect(Set(sentences).count == actions.count)
        #expect(Set(labels).count == actions.count)
        for (action, texts) in zip(actions, zip(sentences, labels)) {
            for text in [texts.0, texts.1, Texts.Audit.sentence(action, nil)] {
                #expect(text.first?.isUppercase == true || text.hasPrefix("ada "), "\(action): \(text)")
                #expect(text.contains(" ") && !text.contains(action.rawValue), "\(action): \(text)")
            }
        }
    }

    @Test("an address keeps what was asked for, whatever was typed")
    func addresses() throws {
        var query = AuditQuery()
        #expect(SiteURL.auditShowing(query).path == "/admin/audit")
        query.person = "a&b=\u{202e}\"<>{{x}} ü"
        (query.action, query.outcome, query.from, query.before) = (.passwordReset, .refused, "2026-02-12", 7)
        let path = SiteURL.auditShowing(query).path
        #expect(
            path
                == "/admin/audit?person=a%26b%3D%E2%80%AE%22%3C%3E%7B%7Bx%7D%7D%20%C3%BC&action=password.reset"
                + "&outcome=refused&from=2026-02-12&before=7")
    }
}
