import CMariaDB
import Glibc
internal import SparekeySQL

/// Reaching a server and signing in.
struct MariaDBSignIn {
    private let address: MariaDBAddress
    private let options: MariaDBOptions

    /// libmariadb's own start, which is not safe on two threads at once.
    private static let isReady = mysql_server_init(0, nil, nil) == 0

    init(_ address: MariaDBAddress, _ options: MariaDBOptions) {
        self.address = address
        self.options = options
    }

    /// The caller ends the session with mysql_close.
    func session() throws -> UnsafeMutablePointer<MYSQL> {
        guard Self.isReady, let handle = mysql_init(nil) else {
            throw SQLError(.unavailable, reason: "\(address.place): no memory is left for a connection")
        }
        do {
            configure(handle)
            try connect(handle)
            try secure(handle)
            return handle
        } catch {
            mysql_close(handle)
            throw error
        }
    }

    private func configure(_ handle: UnsafeMutablePointer<MYSQL>) {
        set(handle, MYSQL_OPT_CONNECT_TIMEOUT, options.connectTimeout)
        set(handle, MYSQL_OPT_READ_TIMEOUT, options.answerTimeout)
        set(handle, MYSQL_OPT_WRITE_TIMEOUT, options.answerTimeout)
        // A server could otherwise ask for any file of this machine.
        set(handle, MYSQL_OPT_LOCAL_INFILE, UInt32(0))
        set(handle, MYSQL_OPT_RECONNECT, CChar(0))
        mysql_options(handle, MYSQL_SET_CHARSET_NAME, "utf8mb4")
        // The text is copied at once, the files are read while connecting; sections `client` and this one.
        mysql_options(handle, MYSQL_READ_DEFAULT_GROUP, "sparekey")
        if let file = address.optionFile { mysql_options(handle, MYSQL_READ_DEFAULT_FILE, file) }
        if address.isTCP { set(handle, MYSQL_OPT_PROTOCOL, MYSQL_PROTOCOL_TCP.rawValue) }
        guard address.encryption != .disabled else { return }
        set(handle, MYSQL_OPT_SSL_ENFORCE, CChar(1))
        set(handle, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, CChar(address.encryption == .verifyIdentity ? 1 : 0))
        if let file = address.authorities { mysql_options(handle, MYSQL_OPT_SSL_CA, file) }
    }

    private func connect(_ handle: UnsafeMutablePointer<MYSQL>) throws {
        let flags = UInt(CLIENT_FOUND_ROWS)
        let connected = mysql_real_connect(
            handle, address.host, address.user, address.password, address.database, UInt32(address.port ?? 0),
            address.socket, flags)
        guard connected != nil else { throw SQLError.mariaDB(connecting: MariaDBFailure(handle), address.place) }
    }

    /// What an option file may have turned off is looked at again.
    private func secure(_ handle: UnsafeMutablePointer<MYSQL>) throws {
        guard address.encryption == .disabled || mysql_get_ssl_cipher(handle) != nil else {
            throw SQLError(
                .unavailable, reason: "\(address.place): the connection to the MariaDB server is not encrypted")
        }
        set(handle, MYSQL_OPT_RECONNECT, CChar(0))
        guard mysql_set_character_set(handle, "utf8mb4") == 0 else {
            throw SQLError.mariaDB(connecting: MariaDBFailure(handle), address.place)
        }
        guard address.isTCP else { return }
        // A peer that is gone without a word is noticed while an answer is awaited (tcp(7)).
        let socket = CInt(mysql_get_socket(handle))
        for (name, value) in [(TCP_KEEPIDLE, 10), (TCP_KEEPINTVL, 5), (TCP_KEEPCNT, 3), (TCP_USER_TIMEOUT, 15_000)] {
            var value = CInt(value)
            setsockopt(socket, CInt(IPPROTO_TCP), name, &value, socklen_t(MemoryLayout<CInt>.size))
        }
    }

    private func set(_ handle: UnsafeMutablePointer<MYSQL>, _ option: mysql_option, _ timeout: Duration) {
        set(handle, option, UInt32(clamping: timeout.wholeSeconds))
    }

    private func set<Value: BitwiseCopyable>(
        _ handle: UnsafeMutablePointer<MYSQL>, _ option: mysql_option, _ value: Value
    ) {
        withUnsafeBytes(of: value) { bytes in
            _ = mysql_options(handle, option, bytes.baseAddress)
        }
    }
}
