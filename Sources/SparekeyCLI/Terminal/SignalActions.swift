import Glibc

/// What signals do for a while; ``restore()`` puts back what they did before.
struct SignalActions {
    typealias Handler = @convention(c) (Int32) -> Void

    /// Those that end a process, by a key or by somebody else's word.
    static let ending = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]

    private var previous: [(signal: Int32, action: sigaction)] = []

    /// - Parameter unlessIgnored: one that is ignored (`nohup`) stays ignored.
    mutating func replace(_ signal: Int32, by handler: @escaping Handler, unlessIgnored: Bool = false) {
        var old = sigaction()
        sigaction(signal, nil, &old)
        let address = unsafeBitCast(old.__sigaction_handler.sa_handler, to: Int.self)
        if unlessIgnored, address == unsafeBitCast(SIG_IGN, to: Int.self) { return }
        var action = sigaction()
        action.__sigaction_handler.sa_handler = handler
        action.sa_flags = SA_RESTART
        sigemptyset(&action.sa_mask)
        sigaction(signal, &action, nil)
        previous.append((signal, old))
    }

    func restore() {
        for entry in previous {
            var action = entry.action
            sigaction(entry.signal, &action, nil)
        }
    }
}
