public import Sparekey
import SparekeyStore

/// The throttle's flows, by the settings in force (SEC-1).
extension Instance {
    /// Charges requests, sign-ins and guesses before they are looked at.
    public var chargeTry: ChargeTry {
        ChargeTry(register: store, key: store.key, limits: settings.limits, clock: clock)
    }

    public var recordWrongTries: RecordWrongTries {
        RecordWrongTries(register: store, key: store.key, clock: clock)
    }

    public var unlockAccount: UnlockAccount {
        UnlockAccount(register: store, codes: store, key: store.key, limits: settings.limits, clock: clock)
    }
}
