import CProcess

/// The words of the command line, without the program's name.
///
/// `CommandLine.arguments` reads `/proc`, which is not mounted in every root that somebody has to be let back into.
public enum CommandWords {
    public static let all: [String] = (1..<max(1, cprocess_argument_count())).map { index in
        cprocess_argument(index).map { String(cString: $0) } ?? ""
    }
}
