import PasswordHashing
import Testing

@Suite("A password in memory")
struct PasswordTests {
    @Test("holds exactly the bytes it was given")
    func bytes() {
        let password = Password([0, 255, 10, 0])
        #expect(password.count == 4)
        #expect(password.withUnsafeBytes { Array($0) } == [0, 255, 10, 0])
    }

    @Test("is not normalised: two spellings of one letter are two passwords")
    func spellings() {
        #expect(!Password(utf8: "\u{E9}").isEqual(to: Password(utf8: "e\u{301}")))
    }

    @Test("equals another with the same bytes, and no other")
    func equality() {
        #expect(Password(utf8: "abc").isEqual(to: Password(utf8: "abc")))
        #expect(Password(utf8: "").isEqual(to: Password([])))
        #expect(!Password(utf8: "abc").isEqual(to: Password(utf8: "abd")))
        #expect(!Password(utf8: "abc").isEqual(to: Password(utf8: "ab")))
    }

    @Test("shows itself in no print, dump or interpolation")
    func printing() {
        let password = Password(utf8: "hunter2")
        var dumped = ""
        dump(password, to: &dumped)
        for text in ["\(password)", String(reflecting: password), dumped] {
            #expect(!text.contains("hunter2"))
            #expect(!text.contains("104"))
        }
    }
}
