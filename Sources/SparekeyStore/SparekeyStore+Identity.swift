import Crypto
public import Sparekey
public import SparekeySQL

extension SparekeyStore {
    /// Whether the database still belongs to the key that this store was opened with. Reads one row.
    public func holdsPresentKey() async throws -> Bool {
        let check = key.checkValue
        return try await database.transaction(.read) { try StoreSchema.meta("key_check", $0) == check }
    }

    /// What two processes compare to know that they use the same database: equal for the same one, and for no copy of it.
    ///
    /// On SQLite the file's device and inode, on PostgreSQL the cluster, database and schema; under the instance key, so
    /// that it says nothing to others. 64 hexadecimal digits.
    public func identity() async throws -> String {
        try await Self.identity(of: driver, key: key)
    }

    /// The same of a database that was opened to be looked at only.
    public static func identity(of database: any SQLDatabase, key: InstanceKey) async throws -> String {
        let place = try await database.transaction(.read) { connection -> String in
            switch connection.dialect {
            case .sqlite: return ""
            case .mariaDB: ColumnTypes.refuse(.mariaDB)
            case .postgreSQL:
                let row = try connection.query(
                    """
                    SELECT CAST(system_identifier AS text) AS cluster, current_database() || '/' || current_schema() AS place
                    FROM pg_control_system()
                    """
                ).first
                return try row.map { try $0.text("cluster") + "/" + $0.text("place") } ?? ""
            }
        }
        let file = (database as? SQLiteDatabase).map { "\($0.fileIdentity)" } ?? ""
        return key.authenticate(Array("database/\(place)/\(file)".utf8), for: .check).hexadecimal
    }
}
