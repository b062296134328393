public import Sparekey
import SparekeyStore

/// The throttle's flows, by the settings in force (SEC-1).
extension Instance {
    /// Charges requests, sign-ins and guesses before they are looked at.
    public var chargeTry: ChargeTry {
        ChargeTry(register: store, key: store.key, limits: settings.limits, clock: clock)
    }

    /// Charges the budgets of codes before one is compared.
    public var chargeComparison: ChargeComparison {
        let budgets = settings.limits.areOn ? CodeBudgets.standard : nil
        return ChargeComparison(register: store, key: store.key, budgets: budgets, clock: clock)
    }

    public var recordWrongTries: RecordWrongTries {
        RecordWrongTries(register: store, key: store.key, clock: clock)
    }

    public var unlockAccount: UnlockAccount {
        UnlockAccount(register: store, key: store.key, limits: settings.limits, clock: clock)
    }
}
