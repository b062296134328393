import Hummingbird
import Sparekey

/// A request by somebody who is signed in, and who may have to change the password before anything else.
struct SignedInContext: ChildRequestContext {
    var coreContext: CoreRequestContextStorage
    let address: String?
    let caller: SignedIn
    let browser: Browser

    /// - Throws: ``Problem`` 401.
    init(context: VisitorContext) throws {
        guard let signedIn = context.signedIn else { throw Problem(.notSignedIn) }
        coreContext = context.coreContext
        address = context.address
        browser = context.browser
        caller = signedIn
    }
}

/// A request by somebody who is signed in and has nothing to do first (PMX-2).
struct FreeContext: ChildRequestContext {
    var coreContext: CoreRequestContextStorage
    let address: String?
    let caller: SignedIn
    let browser: Browser

    /// - Throws: ``Problem`` 403 while the password must be changed.
    init(context: SignedInContext) throws {
        guard !context.caller.account.requirePasswordChange else { throw Problem(.mustChangePassword) }
        coreContext = context.coreContext
        address = context.address
        browser = context.browser
        caller = context.caller
    }
}

/// A request by an administrator.
struct AdministratorContext: ChildRequestContext {
    var coreContext: CoreRequestContextStorage
    let address: String?
    let caller: SignedIn
    let browser: Browser

    /// - Throws: ``Problem`` 403 for everybody else.
    init(context: FreeContext) throws {
        guard context.caller.account.role == .admin else {
            throw Problem(.notAllowed, "Only an administrator may do this.")
        }
        coreContext = context.coreContext
        address = context.address
        browser = context.browser
        caller = context.caller
    }

    /// What an act on somebody else's account takes (SEC-15): once an act, when all that it needs of the request is there.
    func acting(_ admit: AdmitAdministrator) async throws -> ActingAdministrator {
        try await admit(caller, address: address)
    }
}
