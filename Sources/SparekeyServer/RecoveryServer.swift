import Glibc
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
public import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Sparekey
import UnixSignals

/// The server: the API over TCP (and TLS), and a Unix socket for the command line, in one service group that ends
/// gracefully on SIGTERM and SIGINT.
public struct RecoveryServer: Sendable {
    private let options: ServerOptions
    private let flows: ServerFlows
    private let workers: [@Sendable () async throws -> Void]
    private let onListening: @Sendable () async -> Void
    private let logger: Logger

    /// - Parameters:
    ///   - workers: what runs beside it as long as it does; they are cancelled when it ends.
    ///   - onListening: runs once, as soon as people can come and before the log says so.
    public init(
        options: ServerOptions, flows: ServerFlows, workers: [@Sendable () async throws -> Void],
        onListening: @escaping @Sendable () async -> Void = {}, logger: Logger
    ) {
        self.options = options
        self.flows = flows
        self.workers = workers
        self.onListening = onListening
        self.logger = logger
    }

    /// Runs until a signal ends it.
    ///
    /// - Throws: ``ServerStartError`` where it cannot listen or cannot read its certificate.
    public func run() async throws {
        DescriptorLimit.raise()
        var configuration = ServiceGroupConfiguration(
            services: try services(), gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(10)
        configuration.maximumCancellationDuration = .seconds(5)
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch let error as IOError {
            throw cannotListen(error)
        } catch let error as NIOConnectionError {
            throw cannotListen(error)
        } catch is UnixDomainSocketPathWrongType {
            throw ServerStartError(
                reason: "\(options.socketPath ?? "the socket") is something else than a socket",
                hint: "move it away: the server makes its socket there, for the command line", isConfiguration: false)
        }
    }

    /// Each has a name: for one without, the framework prints the service for its log, with all that hangs on it, the flows and
    /// what they hold. That was a third of a start, too.
    func services() throws -> [ServiceGroupConfiguration.ServiceConfiguration] {
        let metrics = ServerMetrics(token: options.metricsToken, sources: options.metricsSources)
        let addresses = CallerAddress(trusted: options.trustedProxies)
        let book = ConnectionBook { addresses.isTrusted($0) }
        var all: [ServiceGroupConfiguration.ServiceConfiguration] = workers.map {
            .init(service: Worker(work: $0), serviceName: "worker")
        }
        let (socketIsUp, socketCame) = AsyncStream.makeStream(of: Never.self)
        all.append(
            .init(
                service: try network(metrics: metrics, addresses: addresses, book: book, after: socketIsUp),
                serviceName: "network"))
        if let path = options.socketPath {
            all.append(.init(service: socket(path) { socketCame.finish() }, serviceName: "socket"))
        } else {
            socketCame.finish()
        }
        all.append(.init(service: CodeWorker(flows: flows.recovery, logger: logger), serviceName: "codes"))
        all += housekeeping.map { .init(service: $0, serviceName: $0.name) }
        if let feed = flows.changes {
            all.append(
                .init(service: ChangeListener(feed: feed, flows: flows, logger: logger), serviceName: "changes"))
        }
        return all
    }

    private var housekeeping: [Housekeeping] {
        let flows = flows
        let logger = logger
        var all = [
            Housekeeping(name: "sessions", every: .seconds(3600), logger: logger) {
                let removed = try await flows.resumeSession.removeEnded()
                if removed > 0 { logger.info("sessions removed", metadata: ["count": "\(removed)"]) }
            },
            Housekeeping(name: "audit notes", every: .seconds(60), logger: logger) {
                try await flows.recordWrongTries.settle()
            },
        ]
        if let sync = flows.sync {
            // What was written without telling this server counts here within ten seconds (FLF-3).
            all.append(
                Housekeeping(name: "sync keys", every: .seconds(5), logger: logger) { try await sync.table.reload() })
        }
        return all
    }

    /// - Parameter socketIsUp: ends when the command line can come too; not before is it said that the server listens.
    private func network(
        metrics: ServerMetrics, addresses: CallerAddress, book: ConnectionBook, after socketIsUp: AsyncStream<Never>
    ) throws -> some Service {
        let api = APIRouter(
            flows: flows, metrics: metrics, addresses: addresses, book: book,
            databaseIdentity: options.databaseIdentity,
            logger: logger)
        let options = options
        let logger = logger
        return Application(
            responder: api.network(), server: try builder(book),
            configuration: ApplicationConfiguration(
                address: .hostname(options.listen.host, port: options.listen.port), serverName: nil, backlog: 1024),
            onServerRunning: { [onListening] channel in
                await onListening()
                for await _ in socketIsUp.cancelOnGracefulShutdown() {}
                guard !Task.isCancelled else { return }
                let scheme = options.tls == nil ? "http" : "https"
                let address = channel.localAddress.map { "\(scheme)://\($0.authority)" } ?? "-"
                logger.info("listening", metadata: ["address": "\(address)"])
            }, logger: quiet)
    }

    private func builder(_ book: ConnectionBook) throws -> HTTPServerBuilder {
        let limits = HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: 16 * 1024, maxHeaderListSize: 32 * 1024, maxHeaderFieldCount: 100)
        let plain = HTTPServerBuilder.http1(
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [ConnectionGuard(book: book)], idleTimeout: .seconds(60),
                httpDecoderConfiguration: limits))
        guard let tls = options.tls else { return plain }
        do {
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMFile(tls.certificate).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: tls.key, format: .pem)))
            configuration.minimumTLSVersion = .tlsv12
            // Made once for nothing, and now: a key of another certificate is found here.
            _ = try TLSChannel(HTTP1Channel { _, _, _ in }, tlsConfiguration: configuration)
            return try .tls(plain, tlsConfiguration: configuration)
        } catch {
            throw ServerStartError(
                reason: "the certificate \(tls.certificate) or its key \(tls.key) cannot be used: \(error)",
                hint: "tls.certificate and tls.key name PEM files that the data folder's owner can read",
                isConfiguration: true)
        }
    }

    private func socket(_ path: String, isUp: @escaping @Sendable () -> Void) -> some Service {
        let local = APIRouter.local(flows: flows, databaseIdentity: options.databaseIdentity, logger: logger)
        let owner = geteuid()
        return Application(
            responder: local,
            server: .http1(
                configuration: HTTP1Channel.Configuration(
                    additionalChannelHandlers: [PeerUserGuard(allowed: [owner, 0])], idleTimeout: .seconds(60))),
            configuration: ApplicationConfiguration(address: .unixDomainSocket(path: path), serverName: nil),
            onServerRunning: { _ in
                chmod(path, 0o600)
                isUp()
            }, logger: quiet)
    }

    /// The framework's own lines tell nothing that ours do not.
    private var quiet: Logger {
        var logger = logger
        logger.logLevel = max(.notice, logger.logLevel)
        return logger
    }

    private func cannotListen(_ error: any Error) -> ServerStartError {
        ServerStartError(
            reason: "cannot listen on \(options.listen.authority): \(error)",
            hint: "another program may have that address; the setting listen chooses another",
            isConfiguration: false)
    }
}

extension SocketAddress {
    /// As a URL writes it.
    fileprivate var authority: String {
        guard let address = ipAddress, let port else { return pathname ?? "-" }
        return address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
    }
}
