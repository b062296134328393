import PasswordHashing
import Sparekey
import SparekeyApps
import SparekeyOutbound

/// Tells whom a program's profile wants told of a reset, as far as the operator's settings say who that is (APP-9, FLF-3).
struct ProgramHooks: LiveRefresh {
    let hooks: [Hook]
    /// Nil where the program is not attached: then nothing is bound.
    let bindings: AppBindings?
    /// Told of those that could not be called.
    var log: @Sendable (String) -> Void = { _ in }

    func callAsFunction(_ account: Account) async -> RefreshOutcome {
        guard !hooks.isEmpty else { return .nothingToRefresh }
        var calls: [HookCall] = []
        for hook in hooks {
            let outcome = await outcome(hook, account)
            if let why = outcome.failure, let bindings {
                log("a password was reset in \(bindings.app.name), and its hook \(hook.name) \(why); \(hook.without)")
            }
            calls.append(HookCall(label: hook.name, outcome: outcome, done: hook.done, without: hook.without))
        }
        return .calls(calls)
    }

    private func outcome(_ hook: Hook, _ account: Account) async -> HookCall.Outcome {
        guard let bindings, let bound = bindings.app.hooks[hook.name] else { return .notBound }
        do {
            switch bound {
            case .url(let url): try await call(url, hook, bindings, account)
            case .command(let words): try await bindings.command(words, of: hook.name)()
            }
            return .done
        } catch let error as OutboundError {
            return .failed(error.reason)
        } catch let error as InstanceError {
            return .failed(error.reason)
        } catch {
            return .failed("\(error)")
        }
    }

    private func call(_ url: String, _ hook: Hook, _ bindings: AppBindings, _ account: Account) async throws {
        guard let (address, path) = ServerAddress.place(url) else {
            throw OutboundError(.refused, reason: "its address cannot be called")
        }
        var bearer: Password?
        if let label = hook.bearer {
            bearer = try bindings.secret(label)
            guard bearer != nil else {
                throw OutboundError(.refused, reason: "the secret \(label), which the call carries, is not bound")
            }
        }
        try await WebHook(to: address, path: path, bearer: bearer)(account)
    }
}

extension HookCall.Outcome {
    /// The end of a sentence about the hook; nil where it was called.
    fileprivate var failure: String? {
        switch self {
        case .done: nil
        case .notBound: "is bound to nothing"
        case .failed(let why): "could not be called: \(why)"
        }
    }
}

/// Tries the program's own sign-in, where its profile says how and the operator's settings say where (APP-4).
struct ProgramSignIn: TrySignIn {
    let form: SignInForm?
    let bindings: AppBindings?

    func callAsFunction(_ account: Account, with password: Password) async -> SignInTrial {
        guard let login = bindings?.app.login, account.isActive else { return .notTried }
        guard let form else { return .unclear("the program's profile does not say how its sign-in is asked") }
        guard let (address, path) = ServerAddress.place(login) else {
            return .unclear("the address of its sign-in cannot be called")
        }
        guard let name = form.naming == .email ? account.email : account.username else {
            return .unclear("the account has no e-mail to sign in with")
        }
        let call = SignInCall(
            to: address, path: path,
            form: SignInCall.Form(
                isJSON: form.style == .json, nameField: form.nameField, passwordField: form.passwordField,
                also: form.also, accepts: form.accepts, refuses: form.refuses))
        return await call(name, password)
    }
}

extension ServerAddress {
    /// Where a call goes and what it asks for there, a last slash included: programs tell `/login` from `/login/`.
    static func place(_ url: String) -> (address: ServerAddress, path: String)? {
        guard let whole = ServerAddress(setting: url), let scheme = url.firstRange(of: "://") else { return nil }
        let path = url[scheme.upperBound...].drop { $0 != "/" }
        let address = ServerAddress(
            isEncrypted: whole.isEncrypted, host: whole.host, port: whole.port, prefix: "")
        return (address, path.isEmpty ? "/" : String(path))
    }
}
