import Glibc

/// The parsers of what others wrote, by the name that dev/fuzz calls them. Each takes any bytes at all, and ends the process
/// where the parser breaks its word.
let targets: [String: @Sendable ([UInt8]) -> Void] = [
    "hashes": Hashes.judge, "credentials": Credentials.judge, "profiles": Profiles.judge,
    "settings": SettingsFiles.judge,
    "documents": Documents.judge, "bodies": Bodies.judge, "headers": Headers.judge, "terminal": TerminalText.judge,
    "addresses": Addresses.judge, "containers": Containers.judge,
]

private let chosen: @Sendable ([UInt8]) -> Void = {
    guard let name = getenv("SPAREKEY_FUZZ").map({ String(cString: $0) }), let target = targets[name] else {
        preconditionFailure("SPAREKEY_FUZZ names none of \(targets.keys.sorted())")
    }
    return target
}()

/// What libFuzzer calls with each input (https://llvm.org/docs/LibFuzzer.html).
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    chosen(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}

/// Ends the process, which libFuzzer reports with the input, unless `isHeld`.
func hold(_ isHeld: @autoclosure () -> Bool, _ promise: String) {
    if !isHeld() { preconditionFailure(promise) }
}

/// Where `body` throws, it is a `Refusal`, whose words are given to `judge`.
func refuses<Refusal: Error, Value>(
    _: Refusal.Type, _ body: () throws -> Value, judge: (Refusal) -> Void = { _ in }
) -> Value? {
    do {
        return try body()
    } catch let error as Refusal {
        judge(error)
    } catch {
        preconditionFailure("an error of another kind: \(type(of: error))")
    }
    return nil
}

/// Whether a terminal shows `text` as it is, on one line.
func isShowable(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
        default: true
        }
    }
}
