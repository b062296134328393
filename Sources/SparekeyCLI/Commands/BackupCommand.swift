import ArgumentParser
import PasswordHashing
import Sparekey
import SparekeyInstance

/// `sparekey backup` (SEC-17, OPS-2): a consistent copy of the database, with the key only when asked for.
struct BackupCommand: SparekeyCommand {
    static let configuration = CommandConfiguration(commandName: "backup", helpNames: [])

    static let help = """
        sparekey backup FILE: copy the database while it is in use

        FILE is new, of mode 0600, and never overwritten. It holds password hashes and no
        key: keep a copy of the key file (instance.key), apart from it. PostgreSQL has its
        own tool, pg_dump.

          --with-key        put the instance key into FILE, sealed under a passphrase that
                            is asked for twice
          --password-stdin  read that passphrase from standard input
          --reason TEXT     for the audit trail
          --data, --config, --database, --json, --quiet, --no-color: see sparekey --help

        Example: sparekey backup /mnt/backups/sparekey-2026-02-12.backup
        """

    @OptionGroup var common: CommonOptions
    @Argument(completion: .file()) var file: String
    @Flag var withKey = false
    @Flag var passwordStdin = false
    @Option var reason: String?

    func run(_ session: Session) async throws {
        guard withKey || !passwordStdin else {
            throw CommandFailure(.usage, "--password-stdin has a meaning with --with-key only")
        }
        session.output.trail("Starting backup")
        let instance = try await session.open()
        session.output.trail("Connecting to database: \(instance.place)")
        try instance.requireBackup(to: file)
        let passphrase = try withKey ? askPassphrase(instance) : nil
        let reason = reason.map { DisplayText($0, limit: 400).text }
        let path = try await session.output.working("Copying the database") { line in
            try await instance.backUp(
                to: file, passphrase: passphrase, actor: session.actor, reason: reason
            ) { copied, all in
                // The last page is not the end: the copy is still proved whole.
                line.note(copied < all ? "\(copied * 100 / max(all, 1)) %" : "checking the copy")
            }
        }
        session.output.trail("Backup written: \(path) \(withKey ? "with the sealed key" : "without the key")")
        if session.output.json {
            try session.output.answer(.object(["file": .string(path), "withKey": .bool(withKey)]))
        } else {
            try session.output.answer("Backup written to \(path)")
        }
        session.output.advise(
            withKey
                ? "Without the passphrase nobody gets the key out of it: keep that where FILE is not"
                : "It does not hold the instance key: keep a copy of the key file, apart from it")
    }

    /// The policy of passwords holds for a passphrase too; its NFC form counts.
    private func screen(_ passphrase: Password, _ instance: Instance) throws -> Password {
        do {
            return try instance.judge.screen(passphrase, context: PolicyContext())
        } catch let error as RecoveryError where error.code == .policy {
            throw RecoveryError(
                .policy, reason: "the passphrase does not meet the requirements",
                hint: "nothing was written; choose another passphrase", violations: error.violations)
        }
    }

    private func askPassphrase(_ instance: Instance) throws -> Password {
        if passwordStdin {
            return try screen(try PasswordSource.readStandardInput(), instance)
        }
        guard let terminal = Terminal.open() else {
            throw CommandFailure(
                .usage, "there is no terminal to ask for a passphrase in",
                hint: "printf '%s\\n' \"$PASSPHRASE\" | sparekey backup FILE --with-key --password-stdin")
        }
        return try terminal.conversation {
            let first = try terminal.askHidden("Passphrase for the key: ")
            let passphrase = try screen(first, instance)
            guard first.isEqual(to: try terminal.askHidden("The same once more: ")) else {
                throw CommandFailure(.refused, "the two entries differ", hint: "nothing was written; try again")
            }
            return passphrase
        }
    }
}
