import HTTPTypes

@testable import SparekeyServer

/// The body of a call or a form, as every one of them is read: a refusal is a `Problem`, short, and repeats no value.
enum Bodies {
    static func judge(_ bytes: [UInt8]) {
        guard bytes.count <= JSONBody.limit else { return }
        call(LoginBody.self, bytes)
        call(ChangePasswordBody.self, bytes)
        call(NameBody.self, bytes)
        call(CodeBody.self, bytes)
        call(CodeResetBody.self, bytes)
        call(TokenBody.self, bytes)
        call(AddUserBody.self, bytes)
        call(ChangeUserBody.self, bytes)
        call(ResetBody.self, bytes)
        call(RefreshBody.self, bytes)
        form(TokenForm.self, bytes)
        form(NewUserForm.self, bytes)
        form(UserForm.self, bytes)
        refused { _ = try FormBody.token(bytes) }
    }

    private static func call<Body: Decodable>(_ type: Body.Type, _ bytes: [UInt8]) {
        refused { _ = try JSONBody.decode(type, bytes) }
    }

    private static func form<Body: Decodable>(_ type: Body.Type, _ bytes: [UInt8]) {
        refused { _ = try FormBody.decode(type, bytes) }
    }

    private static func refused(_ read: () throws -> Void) {
        _ = refuses(Problem.self, read) { problem in
            hold(problem.kind.status.code == 400, "another refusal than 400")
            hold(problem.detail.utf8.count <= 120 && isShowable(problem.detail), "a refusal that is not for people")
            _ = problem.response
        }
    }
}
