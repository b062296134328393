extension Texts {
    /// What a page says of a refusal, for somebody who is locked out and worried; the kinds are the API's.
    enum Problems {
        static let home = "Go to the start page"
        static func retry(seconds: Int64) -> String {
            switch seconds {
            case ..<60: "You can try again in \(max(1, seconds)) seconds."
            case ..<120: "You can try again in a minute."
            default: "You can try again in \((seconds + 59) / 60) minutes."
            }
        }

        static func otherOrigin(_ base: String) -> String {
            "It did not come from a page of this server, which people open at \(base). Nothing was changed."
        }

        /// What happened, then what still works.
        static let programUnavailable = [
            "The database of that program cannot be reached just now, so nothing was changed.",
            "Your old password is as it was, and your code or link still works until its time is over.",
        ]
        static let proofReserved = [
            "An earlier attempt with this code or link is still being finished.",
            "In a moment either the password you chose then works, or you can use the code or link again.",
        ]

        static func help(for kind: ProblemKind) -> String {
            switch kind {
            case .formRefused:
                "The page it was on may have been open too long, or cookies are switched off in this browser. Nothing was changed. Go back, reload the page and send the form once more."
            case .otherOrigin:
                "Open the address above in your browser, and do it there once more. If this server should be opened at another address, whoever runs it names that one with public_url."
            case .notFound: "The address may be mistyped, or the page has moved. Your account is not affected."
            case .methodNotAllowed: "This address cannot be used that way. Your account is not affected."
            case .tooLarge: "Nothing was changed. Send less at once."
            case .malformedRequest: "Nothing was changed. Go back and try again."
            case .ownAccount:
                "Nothing was changed. Your own password you change yourself; everything else about your account another administrator does."
            case .notAllowed: "If you think you should see it, ask an administrator of this server."
            case .tooManyRequests:
                "Your account is not lost and nothing was changed. This slows down whoever guesses passwords, and sometimes meets the wrong person."
            case .unavailable:
                "The server is busy or cannot reach its database. Your password is as it was."
            case .programUnavailable:
                "Try again in a minute. If it goes on, tell whoever runs this server: its log says what is wrong."
            case .internalError: "That is the server's fault, not yours. Whoever runs it finds the cause in its log."
            default: "Nothing was changed."
            }
        }
    }
}
