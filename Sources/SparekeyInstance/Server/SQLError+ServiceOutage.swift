public import SparekeySQL
public import SparekeyServer
public import SparekeyStore

/// A database that is busy or away is no fault of the server: callers are told when to try again.
extension SQLError: ServiceOutage {
    public var retryAfter: Duration? {
        switch code {
        case .busy, .conflict: .seconds(1)
        case .unavailable, .connectionLost, .denied, .readOnly, .full: .seconds(5)
        default: nil
        }
    }
}

/// After a rotation of the key this process writes nothing more: it is to be restarted, and says so by `/readyz`.
extension StoreError: ServiceOutage {
    public var retryAfter: Duration? { code == .keyRotated ? .seconds(5) : nil }
}
