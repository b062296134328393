// swift-tools-version: 6.2
import PackageDescription

// The same strict settings for every target; a target that needs less is a question, not an exception.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "Sparekey",
    products: [
        .executable(name: "sparekey", targets: ["SparekeyCLI"]),
        .library(name: "PasswordHashing", targets: ["PasswordHashing"]),
        .library(name: "Sparekey", targets: ["Sparekey"]),
        .library(name: "SparekeyTesting", targets: ["SparekeyTesting"]),
    ],
    traits: [
        .trait(name: "PostgreSQL", description: "Sparekey's own directory on PostgreSQL (needs libpq)"),
        .trait(name: "MariaDB", description: "Programs' databases on MariaDB and MySQL (needs libmariadb)"),
        .default(enabledTraits: ["PostgreSQL", "MariaDB"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
    ],
    targets: [
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        .systemLibrary(name: "CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),
        .systemLibrary(name: "CXCrypt", pkgConfig: "libcrypt", providers: [.apt(["libcrypt-dev"])]),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CMariaDB", pkgConfig: "libmariadb", providers: [.apt(["libmariadb-dev"])]),
        .systemLibrary(name: "CQRencode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CZxcvbn", providers: [.apt(["libzxcvbn-dev"])]),
        .target(name: "CProcess"),
        .target(
            name: "PasswordHashing",
            dependencies: [
                "CSodium", "CArgon2", "CXCrypt", .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        .target(
            name: "Sparekey",
            dependencies: [
                "PasswordHashing", "CQRencode", "CZxcvbn", .product(name: "Crypto", package: "swift-crypto"),
            ]),
        .target(name: "SparekeySQL", dependencies: ["CSQLite", .product(name: "GRDB", package: "GRDB.swift")]),
        .target(name: "SparekeyPostgreSQL", dependencies: ["SparekeySQL", "CPostgres"]),
        .target(name: "SparekeyMariaDB", dependencies: ["SparekeySQL", "CMariaDB"]),
        .target(name: "SparekeyStore", dependencies: ["Sparekey", "SparekeySQL"]),
        .target(name: "StrictYAML", dependencies: [.product(name: "Yams", package: "Yams")]),
        .target(name: "SparekeyProfiles", resources: [.embedInCode("Profiles")]),
        .target(
            name: "SparekeyApps",
            dependencies: [
                "CProcess", "PasswordHashing", "Sparekey", "SparekeyProfiles", "SparekeySQL", "StrictYAML",
            ]),
        // Embedded bytes are slow to compile, so they live by themselves.
        .target(name: "SparekeyAssets", resources: [.embedInCode("Files")]),
        .target(
            name: "SparekeyServer",
            dependencies: [
                "Sparekey", "PasswordHashing", "SparekeyAssets",
                .product(name: "Mustache", package: "swift-mustache"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        .target(
            name: "SparekeyOutbound",
            dependencies: [
                "CProcess", "PasswordHashing", "Sparekey",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]),
        .target(
            name: "SparekeyInstance",
            dependencies: [
                "CProcess", "Sparekey", "SparekeyStore", "SparekeySQL", "SparekeyServer", "SparekeyOutbound",
                "SparekeyApps", "StrictYAML",
                .target(name: "SparekeyPostgreSQL", condition: .when(traits: ["PostgreSQL"])),
                .target(name: "SparekeyMariaDB", condition: .when(traits: ["MariaDB"])),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        .target(
            name: "SparekeyTesting",
            dependencies: ["PasswordHashing", "Sparekey", "SparekeySQL", "SparekeyPostgreSQL", "SparekeyMariaDB"]),
        .executableTarget(
            name: "SparekeyCLI",
            dependencies: [
                "SparekeyInstance", "Sparekey", "SparekeyApps", "PasswordHashing",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .testTarget(name: "PasswordHashingTests", dependencies: ["PasswordHashing", "SparekeyTesting"]),
        .testTarget(name: "SparekeyTests", dependencies: ["Sparekey", "PasswordHashing"]),
        .testTarget(
            name: "SparekeySQLTests",
            dependencies: ["SparekeySQL", "SparekeyPostgreSQL", "SparekeyMariaDB", "SparekeyTesting"]),
        .testTarget(
            name: "SparekeyStoreTests",
            dependencies: ["SparekeyStore", "Sparekey", "SparekeySQL", "SparekeyTesting", "PasswordHashing"]),
        .testTarget(
            name: "SparekeyServerTests",
            dependencies: [
                "SparekeyServer", "SparekeyInstance", "SparekeyStore", "SparekeyOutbound", "Sparekey",
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        .testTarget(
            name: "SparekeyInstanceTests",
            dependencies: [
                "SparekeyInstance", "SparekeyApps", "SparekeyStore", "SparekeySQL", "SparekeyOutbound", "Sparekey",
                "PasswordHashing", "CProcess", "SparekeyTesting",
            ]),
        .testTarget(
            name: "SparekeyAppsTests",
            dependencies: [
                "SparekeyApps", "Sparekey", "SparekeySQL", "SparekeyTesting", "PasswordHashing", "StrictYAML",
            ]),
        .testTarget(name: "SparekeyCLITests", dependencies: ["SparekeyCLI"]),
    ]
)

for target in package.targets where target.type != .system && target.name != "CProcess" {
    target.swiftSettings = strict
}
