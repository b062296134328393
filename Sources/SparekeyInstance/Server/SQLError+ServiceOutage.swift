public import SparekeySQL
public import SparekeyServer

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
