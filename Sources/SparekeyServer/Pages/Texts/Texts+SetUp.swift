import Sparekey

extension Texts {
    enum SetUp {
        static let title = "The first administrator"
        static let introduction =
            "This account lets everybody else back in. It is made now, and the link stops working."
        static let email = "E-mail"
        static let emailHint = "A second name to sign in with; nobody is mailed."
        static let usernameHint = "May be left out: then it is the part of the e-mail before the @."
        static let displayName = "Name"
        static let domain = "Address of this server"
        static let domainHint = "As in diy.example.com, or localhost:8080: links for people begin with it."
        static let button = "Create administrator"

        static func refused(_ error: RecoveryError) -> String {
            let sentence = error.reason.prefix(1).uppercased() + error.reason.dropFirst() + "."
            return error.hint.map { "\(sentence) \($0.prefix(1).uppercased() + $0.dropFirst())." } ?? sentence
        }
    }
}
