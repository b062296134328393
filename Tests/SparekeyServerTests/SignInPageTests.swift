import Testing

@testable import SparekeyOutbound

/// Which form of a page is sent back, and with what: pages are foreign, and nothing in one ends the program.
@Suite("Sign-in pages")
struct SignInPageTests {
    private static func fields(_ page: String) -> [String: String]? {
        SignInPage(Array(page.utf8)).hiddenFields(besides: "password")
    }

    @Test("The form with the password's field counts, with its hidden fields and no other's")
    func form() {
        let page = """
            <!-- <form><input name="password"><input type="hidden" name="old" value="1"></form> -->
            <script>if (a<b) { x = "<input name='password'>" }</script>
            <form action="/search"><input type="hidden" name="csrf" value="wrong"><input name="q"></form>
            <FORM method="post"><input type='HIDDEN' name=csrf value="a&amp;b&quot;&#x27;&lt;">
            <input name="username" value="x"><input type="password" name="password" required>
            <input type="hidden" value="behind" name="next" name="twice"/></FORM>
            <form><input type="hidden" name="later" value="1"></form>
            """
        #expect(Self.fields(page) == ["csrf": "a&b\"'<", "next": "behind"])
    }

    @Test(
        "A page without such a form, or with half of one, has none",
        arguments: [
            "", "<", "<form>", "<form><input name=user></form>", "<input name", "<input name=",
            "<input name=\"password",
            "<!--", "<script><input name=password>", "<form><input type=hidden name=password2>", "\u{0}<\u{0}=>",
        ])
    func none(_ page: String) {
        #expect(Self.fields(page)?.isEmpty != false)
    }

    @Test("An end that is missing does not matter")
    func open() {
        #expect(Self.fields("<form><input type=hidden name=t value=1><input name=password>") == ["t": "1"])
    }
}
