import Sparekey
import Testing

@Suite("Tokens of forms")
struct FormTokenTests {
    private let tokens: FormTokens
    private let others: FormTokens

    init() throws {
        tokens = FormTokens(try #require(InstanceKey([UInt8](repeating: 7, count: 32))))
        others = FormTokens(try #require(InstanceKey([UInt8](repeating: 8, count: 32))))
    }

    @Test("a token is good for whom it was made, and for nobody else")
    func bearers() {
        let token = tokens.token(for: .session("a"))
        #expect(tokens.isValid(token, for: .session("a")))
        #expect(!tokens.isValid(token, for: .session("b")))
        #expect(!tokens.isValid(token, for: .visitor("a")))
        #expect(!others.isValid(token, for: .session("a")))
    }

    @Test("what is mangled is no token")
    func mangled() {
        let token = tokens.token(for: .visitor("a"))
        for text in ["", String(token.dropLast()), token + "0", String(token.reversed()), "é" + token.dropFirst(2)] {
            #expect(!tokens.isValid(text, for: .visitor("a")), "\(text)")
        }
    }
}
