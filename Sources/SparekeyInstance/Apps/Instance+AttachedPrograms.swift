import Dispatch
import Glibc
import Sparekey
import SparekeyApps
import SparekeySQL

extension Instance {
    /// What the server shows of the attached programs, and the one that looks at them; run it as long as the server runs.
    func programWatch() throws -> ProgramWatch {
        let (clock, programs) = (clock, programs)
        _ = try programs.profiles()
        return ProgramWatch(clock: clock) {
            let profiles = try? programs.profiles()
            return programs.apps.map { AttachedProgram($0, try? profiles?.named($0.profile)) }
        } look: { name in
            guard let app = programs.apps.first(where: { $0.name == name }) else { return ProgramStanding(.unknown) }
            return await standing(programs.bindings(of: app), now: clock.now)
        }
    }

    private func standing(_ bindings: AppBindings, now: Timestamp) async -> ProgramStanding {
        do {
            let profile = try programs.profiles().named(bindings.app.profile)
            let location = try ProgramLocation(bindings.app.database)
            await location.touch()
            let store = try await location.storeToRead(password: bindings.password())
            let report: CheckProgram.Report
            do {
                report = try await store.check([profile], surveys: false)
                await store.close()
            } catch {
                await store.close()
                throw error
            }
            let labels = bindings.app.labelsUnknown(to: profile).map {
                "\($0) is bound, and the profile has no such label"
            }
            return ProgramStanding(report, warnings: labels + bindings.faults(profile), now: now)
        } catch {
            let reason = (InstanceError.translated(error) as? InstanceError)?.reason ?? "it could not be looked at"
            return ProgramStanding(.unreachable, detail: DisplayText(reason, limit: 400).text, at: now)
        }
    }
}

extension ProgramLocation {
    /// Looks for a file where nothing else waits for the answer: on a file system that hangs, a thread of its own hangs with it.
    fileprivate func touch() async {
        guard case .sqlite(let path) = self else { return }
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var status = stat()
                _ = stat(path, &status)
                continuation.resume()
            }
        }
    }
}

extension ProgramStanding {
    fileprivate init(_ report: CheckProgram.Report, warnings: [String], now: Timestamp) {
        let shown = warnings.map { DisplayText($0, limit: 400).text }
        guard let mismatch = report.fits.first?.mismatches.first else {
            let version = "\(report.kind.words) \(report.version)"
            self.init(.fits, detail: DisplayText(version, limit: 80).text, warnings: shown, at: now)
            return
        }
        self.init(.misfit, detail: DisplayText(mismatch.words, limit: 400).text, warnings: shown, at: now)
    }
}

extension AttachedProgram {
    fileprivate init(_ app: AttachedApp, _ profile: Profile?) {
        self.init(
            name: app.name, profile: app.profile, title: profile?.title, versions: profile?.versions,
            database: DisplayText(app.place, limit: 400).text,
            bindings: profile.map { app.bindings($0, showsWords: false).map { DisplayText($0, limit: 400).text } } ?? []
        )
    }
}
