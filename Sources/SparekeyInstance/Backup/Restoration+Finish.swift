import Glibc
public import Sparekey
import SparekeySQL
import SparekeyStore

extension Restoration {
    /// Puts the backup's content in the present database's place.
    ///
    /// The database's own commit, or the one rename where there was none, is the moment: before it everything is as it was,
    /// after it the next command finishes what is left to do.
    public func finish(
        _ plan: RestorePlan, key: InstanceKey, actor: Actor, reason: String?
    ) async throws -> RestoreReport {
        do {
            let at = clock.now
            let audit = AuditEvent(
                .restored, actor: actor, at: at, account: nil, proof: Proof.operatorShell.kind, reason: reason,
                cites: try await citations(key))
            let voided = try await openDraft(key).becomeRestored(audit)
            let epochs = try AuditEpochs(key, try await openDraft(key).footing().epochs)
            await source.close()
            try draft.sync()
            let kept = try BackupFile(path: Self.free(place + ".replaced-" + Self.stamp(at)), random: random)
            let isKept = try await replace(keepingAs: kept, plan.takesKey ? key : nil)
            if plan.takesKey { try pending.adopt() }
            await putForeignHeadAside(epochs, at)
            try await keepHead(key)
            lock.release()
            return RestoreReport(plan: plan, voided: voided, kept: isKept ? kept.path : nil)
        } catch {
            await abandon()
            throw InstanceError.translated(error)
        }
    }

    /// Leaves everything as it was.
    public func abandon() async {
        await source.close()
        await present.close()
        draft.discard()
        lock.release()
    }

    /// - Parameter key: what has to become the key file.
    private func replace(keepingAs kept: BackupFile, _ key: InstanceKey?) async throws -> Bool {
        do {
            if let key { try pending.write(key) }
            return try await present.give(way: draft, keepingAs: kept)
        } catch {
            kept.discard()
            // Where the database cannot tell now, it tells the next command.
            try? await Self.finishEarlier(pending, present)
            throw error
        }
    }

    /// The heads of the trails that end here: the present database's, and the one that was kept beside it.
    private func citations(_ key: InstanceKey) async throws -> [AuditHead] {
        var heads: [AuditHead] = []
        if case .held(let database) = present.state,
            let head = try? await RestorableDatabase(database).auditHead()?.head
        {
            heads.append(head)
        }
        if let kept = try? await keptHead(key)?.head, !heads.contains(kept) { heads.append(kept) }
        return heads
    }

    /// A head under a key that is not in force any more would stand in the way of every later one.
    private func putForeignHeadAside(_ epochs: AuditEpochs, _ at: Timestamp) async {
        do {
            _ = try await headFile().kept(epochs)
        } catch let error as RecoveryError where error.code == .auditHeadForged {
            let path = named.folder.file("audit.head")
            _ = rename(path, Self.free(path + ".replaced-" + Self.stamp(at)))
        } catch {
            // It cannot be read at all: `audit verify` says so.
        }
    }

    private func keepHead(_ key: InstanceKey) async throws {
        if case .held(let database) = present.state {
            return await keepHead(key, database)
        }
        let opened = try await SQLiteDatabase(path: place, options: .ownDirectory(.mustExist))
        await keepHead(key, opened)
    }

    private func keepHead(_ key: InstanceKey, _ database: SQLiteDatabase) async {
        // What was restored stands, whatever becomes of the head: it follows with the next act.
        if let heads = try? headFile(),
            let store = try? await SparekeyStore.open(
                database, key: key, mayCreate: false, random: random, heads: heads)
        {
            await store.keepHead(under: key)
        }
        await database.close()
    }

    /// As in `20260212T163000Z`.
    private static func stamp(_ time: Timestamp) -> String {
        time.rfc3339.replacing("-", with: "").replacing(":", with: "")
    }

    /// The path, or the path with a number where that is taken.
    private static func free(_ path: String) -> String {
        var status = stat()
        var number = 1
        var found = path
        while lstat(found, &status) == 0 {
            number += 1
            found = "\(path)-\(number)"
        }
        return found
    }
}
