import Sparekey
import SparekeyApps
import SparekeySQL
import SparekeyStore

extension InstanceError {
    /// Says what a database or the store refused in words that name what to do; other errors are returned as they are.
    public static func translated(_ error: any Error) -> any Error {
        switch error {
        case let error as SQLError: InstanceError(error)
        case let error as StoreError: InstanceError(error)
        case let error as AppsError:
            InstanceError(Self.codes[error.code] ?? .badProfile, reason: error.reason, hint: error.hint, cause: error)
        default: error
        }
    }

    private static let codes: [AppsError.Code: Code] = [
        .misfit: .misfit, .refused: .refused, .secretMissing: .badSettings,
    ]

    static func empty(_ place: String) -> InstanceError {
        InstanceError(
            .notSetUp, reason: "nobody has been set up in the database \(place)",
            hint: "sparekey setup creates the first administrator; --database or --data names another instance")
    }

    private init(_ error: SQLError) {
        let (code, hint): (Code, String) =
            switch error.code {
            case .busy, .conflict: (.busy, "the database is busy with somebody else; nothing was changed, try again")
            case .badAddress: (.badSettings, "nothing was changed; mend the address where it was given")
            case .readOnly: (.notWritable, "nothing was changed; the old password still works")
            case .full: (.notWritable, "nothing was changed and the old password still works; make space and try again")
            case .notADatabase: (.wrongDatabase, "nothing was changed; --database names another, or restore a backup")
            case .denied: (.unavailable, "check the user and password of the database; nothing was changed")
            case .constraint, .other:
                (
                    .notWritable,
                    "nothing was changed and the old password still works; look for triggers or damage in it"
                )
            case .cutOff: (.cutOff, "nothing was changed; start the program once, which mends its file, then try again")
            case .connectionLost: (.unavailable, "see whether the database is running, then try again")
            default: (.unavailable, "nothing was changed; check the path or address and its permissions")
            }
        self.init(code, reason: error.reason, hint: hint, cause: error)
    }

    private init(_ error: StoreError) {
        switch error.code {
        case .foreign:
            self.init(
                .wrongDatabase, reason: error.reason,
                hint:
                    "nothing was changed; to reset a password in it: sparekey reset-password --database ADDRESS ACCOUNT",
                cause: error)
        case .empty:
            self.init(
                .notSetUp, reason: "nobody has been set up in this database",
                hint: "sparekey setup creates the first administrator", cause: error)
        case .newer:
            self.init(
                .newerDatabase, reason: error.reason, hint: "use that version; nothing was changed", cause: error)
        case .wrongKey:
            self.init(
                .wrongKey, reason: error.reason,
                hint: "put back the key file that belongs to it, or name it with key_file; nothing was changed",
                cause: error)
        case .moved:
            self.init(
                .badSettings, reason: error.reason,
                hint: "name that database, as in the setting database; sparekey move --back takes this one up again",
                cause: error)
        case .unfinishedMove:
            self.init(
                .badSettings, reason: error.reason,
                hint:
                    "run sparekey move --to with its address once more; until then the database it came from is in force",
                cause: error)
        case .keyRotated:
            self.init(
                .busy, reason: error.reason,
                hint: "nothing was changed; run it again, and restart a server that was running", cause: error)
        default:
            self.init(.unavailable, reason: error.reason, hint: "restore a backup", cause: error)
        }
    }
}
