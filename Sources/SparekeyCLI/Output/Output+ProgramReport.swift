import Sparekey

extension Output {
    /// Who was told of a reset in a program, and what the program's own sign-in said to the new password. None of it takes
    /// the reset back, and a warning says so.
    func remark(onProgram report: ResetReport) {
        if case .calls(let calls) = report.refresh {
            for call in calls { remark(on: call) }
        }
        switch report.signIn {
        case .notTried: return
        case .accepted: trail("The program's own sign-in takes the new password")
        case .refused:
            warn(
                "the program's own sign-in refused the new password. It was written and read back, and the old one is gone: "
                    + "is the program on this database, and is the sign-in that was tried its own? "
                    + "sparekey undo \(report.number) puts the old password back")
        case .unclear(let why):
            warn("whether the program's own sign-in takes the new password is not known: \(why). The reset stands")
        }
    }

    private func remark(on call: HookCall) {
        switch call.outcome {
        case .done: trail(call.done ?? "The hook \(call.label) was called")
        case .notBound:
            warn(
                "the program was not told, because nothing is bound to its hook \(call.label). The password was reset; "
                    + "\(call.without)")
        case .failed(let why):
            warn(
                "the program could not be told by the hook \(call.label) (\(why)). The password was reset and stays so; "
                    + call.without)
        }
    }
}
