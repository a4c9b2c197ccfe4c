// swift-tools-version: 6.2
// The floor plan: one line a target, sorted by floor. docs/architecture.md explains it.
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let x509: Target.Dependency = .product(name: "X509", package: "swift-certificates")
let asn1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")
let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let nioHTTP: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTLS: Target.Dependency = .product(name: "HummingbirdTLS", package: "hummingbird")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let httpClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")

/// A room: `Sources/<floor>/<name>`.
func room(_ floor: String, _ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/\(floor)/\(name)", swiftSettings: settings)
}

/// A room whose folders `Pages` (templates) and `Assets` (styles, scripts) are compiled into it.
func webRoom(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/Front/\(name)",
        resources: [.embedInCode("Pages"), .embedInCode("Assets")], swiftSettings: settings)
}

/// A program: `Sources/Programs/<name>`.
func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, path: "Sources/Programs/\(name)", swiftSettings: settings)
}

/// The tests of a room: `Tests/<name>Tests`.
func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name), "TestSupport"] + dependencies,
        path: "Tests/\(name)Tests", swiftSettings: settings)
}

/// A C library from Debian: `Sources/System/<name>`.
func system(_ name: String, _ debian: String) -> Target {
    .systemLibrary(name: name, path: "Sources/System/\(name)", pkgConfig: nil, providers: [.apt([debian])])
}

let package = Package(
    name: "storj",
    products: [
        .library(name: "Uplink", targets: ["Uplink"]),
        .executable(name: "storj", targets: ["storj"]),
        .executable(name: "storj-bench", targets: ["storj-bench"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.0.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    ],
    targets: [
        // System libraries
        system("CISAL", "libisal-dev"),
        system("CArgon2", "libargon2-dev"),
        system("CSodium", "libsodium-dev"),
        system("CZstd", "libzstd-dev"),
        system("CZlib", "zlib1g-dev"),
        system("CMalloc", "libc6-dev"),
        system("COpenSSL", "libssl-dev"),
        system("CSecp256k1", "libsecp256k1-dev"),

        // Ground: pure values, no I/O
        .target(name: "Kernels", path: "Sources/Ground/Kernels"),
        .target(name: "ChecksumKernels", path: "Sources/Ground/ChecksumKernels"),
        room("Ground", "StorageModel", [crypto]),
        room("Ground", "Blake3", ["StorageModel", "Kernels"]),
        room("Ground", "ErasureCode", ["StorageModel", "CISAL"]),
        // Of NIO only ByteBuffer, so that data goes from socket to message without a copy more.
        room("Ground", "DRPCWire", [nio]),
        room("Ground", "WireMessages", ["StorageModel", "CZstd", protobuf, nio]),
        room("Ground", "Encryption", ["StorageModel", "WireMessages", "CArgon2", "COpenSSL", "CSodium", crypto]),
        room("Ground", "Macaroons", ["StorageModel", "WireMessages", crypto]),
        room("Ground", "Identity", ["StorageModel", asn1, crypto]),
        room("Ground", "Orders", ["StorageModel", "WireMessages", "Identity", crypto]),
        room("Ground", "AccessGrants", ["StorageModel", "WireMessages", "Encryption", "Macaroons"]),
        room("Ground", "Ethereum", ["StorageModel", "COpenSSL", "CSecp256k1", "CSodium", crypto]),
        room("Ground", "Heartbeats", ["StorageModel", "WireMessages", "Blake3", "Ethereum", "Identity", "Orders", crypto]),
        room("Ground", "Contracts", ["StorageModel", "Ethereum", "Heartbeats", "Identity"]),
        room("Ground", "XML"),
        room("Ground", "S3Protocol", ["StorageModel", "XML", "ChecksumKernels", "COpenSSL", httpTypes, nio, crypto]),

        // Doors: one each to network, time, database and disk
        room("Doors", "DRPC", ["StorageModel", "DRPCWire", "WireMessages", "Identity", nio, nioPosix, nioTLS, nioSSL, lifecycle, logging]),
        room("Doors", "Chores", ["StorageModel", lifecycle, logging]),
        room("Doors", "Database", ["StorageModel", grdb, sqlite]),
        room("Doors", "OperatorDoor", ["HTTPDoor", hummingbird, nio, lifecycle, logging, crypto]),
        .target(name: "CSpawn", path: "Sources/System/CSpawn"),
        room("Doors", "Subprocesses", ["CSpawn"]),
        room("Doors", "PortMapping", ["StorageModel", "XML", "Chores", httpClient, nio, nioPosix, nioHTTP, logging]),
        room("Doors", "MailDoor", ["StorageModel", "Chores", nio, nioPosix, nioSSL]),
        room("Doors", "HTTPDoor", [hummingbirdCore, nio, nioHTTP, logging]),
        room("Doors", "PieceStore", ["StorageModel", "Blake3", nio, logging, crypto]),
        room("Doors", "Metabase", ["StorageModel", "Database"]),
        room("Doors", "Ledger", ["StorageModel", "WireMessages", "Ethereum", "Contracts", "Heartbeats", "Blake3", "Identity", "DRPC", "Chores", "Database", httpClient, nio, nioHTTP, lifecycle, logging, crypto]),
        room("Doors", "GatewayRecords", ["StorageModel", "Database", logging, crypto]),

        // Client: pieces of segments, and the public library
        room("Client", "PieceTransfer", ["StorageModel", "WireMessages", "Orders", "Identity", "ErasureCode", "Blake3", "DRPC", nio, logging, crypto]),
        room("Client", "Direct", ["StorageModel", "WireMessages", "PieceTransfer", "Orders", "Identity", "Encryption", "ErasureCode", "Blake3", "Heartbeats", "Contracts", "Ethereum", "Ledger", "DRPC", "Chores", "Database", nio, logging, crypto]),
        room("Client", "Uplink", ["StorageModel", "WireMessages", "PieceTransfer", "Orders", "Identity", "Macaroons", "Encryption", "AccessGrants", "ErasureCode", "DRPC", "Chores", nio, nioPosix, logging]),

        // Satellite
        room("Satellite", "Overlay", ["Subprocesses", "StorageModel", "WireMessages", "Identity", "DRPC", "Chores", "Database", nio, nioPosix, logging, crypto]),
        room("Satellite", "Accounts", ["StorageModel", "WireMessages", "Macaroons", "Database", "CArgon2", crypto, logging]),
        room("Satellite", "Accounting", ["StorageModel", "WireMessages", "Orders", "Identity", "DRPC", "Metabase", "Chores", "Database", logging]),
        room("Satellite", "Metainfo", ["StorageModel", "WireMessages", "Metabase", "Overlay", "Orders", "Identity", "Macaroons", "Accounts", "Accounting", "DRPC", "Chores", crypto, logging]),
        room("Satellite", "Upkeep", ["StorageModel", "WireMessages", "Metabase", "Overlay", "Accounting", "PieceTransfer", "ErasureCode", "Blake3", "Orders", "Identity", "DRPC", "Chores", "Database", nio, logging, crypto]),
        room("Satellite", "Market", ["StorageModel", "WireMessages", "Metabase", "Overlay", "Accounting", "Upkeep", "Heartbeats", "Contracts", "Ethereum", "Ledger", "Blake3", "Orders", "Identity", "DRPC", "Chores", "Database", nio, logging, crypto]),
        room("Satellite", "Billing", ["StorageModel", "WireMessages", "Metabase", "Accounts", "Accounting", "Contracts", "Ethereum", "Ledger", "Identity", "DRPC", "Chores", "Database", httpClient, nio, nioHTTP, logging, crypto]),
        room("Satellite", "AdminAPI", ["StorageModel", "Macaroons", "Accounts", "Accounting", "Overlay", "Upkeep", "Market", "Billing", "Contracts", "Ethereum", "Ledger", "Heartbeats", "Chores", "OperatorDoor", hummingbird, nio, lifecycle, logging]),
        room("Satellite", "Satellite", ["StorageModel", "WireMessages", "Identity", "Metabase", "Overlay", "Orders", "Macaroons", "Accounts", "Accounting", "Metainfo", "Upkeep", "Market", "Billing", "Contracts", "Ethereum", "Ledger", "AdminAPI", "OperatorDoor", "PieceTransfer", "DRPC", "Chores", "Database", nio, lifecycle, logging, crypto]),

        // Node
        room("Node", "StorageNode", ["StorageModel", "WireMessages", "Blake3", "PieceStore", "Database", "Orders", "Heartbeats", "Contracts", "Ethereum", "Ledger", "Identity", "DRPC", "Chores", nio, lifecycle, logging, crypto, protobuf]),
        room("Node", "NodeAPI", ["StorageModel", "StorageNode", "PieceStore", "Contracts", "Ethereum", "Ledger", "Chores", "OperatorDoor", hummingbird, nio, lifecycle, logging]),

        // Front: what speaks to browsers and to tools of others
        room("Front", "S3Gateway", ["HTTPDoor", "S3Protocol", "GatewayRecords", "Uplink", "AccessGrants", "Macaroons", "WireMessages", "DRPC", "StorageModel", "Chores", hummingbirdCore, hummingbirdTLS, httpTypes, httpClient, nio, nioPosix, nioHTTP, nioTLS, nioSSL, lifecycle, logging, crypto]),
        room("Front", "LinkSharing", ["HTTPDoor", "S3Protocol", "GatewayRecords", "Uplink", "StorageModel", "Chores", hummingbird, hummingbirdTLS, httpTypes, nio, nioSSL, lifecycle, logging, crypto]),
        webRoom("ConsoleKit", ["StorageModel", "HTTPDoor", "CZlib", hummingbird, hummingbirdCore, hummingbirdTLS, mustache, httpTypes, nio, nioHTTP, nioSSL, lifecycle, logging, crypto]),
        webRoom("SatelliteConsole", ["ConsoleKit", "MailDoor", "StorageModel", "Macaroons", "Identity", "Metabase", "Overlay", "Accounts", "Accounting", "Upkeep", "Market", "Billing", "AdminAPI", "Heartbeats", "Contracts", "Ethereum", "Ledger", "Chores", hummingbird, mustache, httpTypes, nio, lifecycle, logging, crypto]),
        webRoom("StorjShare", ["ConsoleKit", "StorageModel", "MailDoor", "PortMapping", "WireMessages", "Identity", "StorageNode", "NodeAPI", "PieceStore", "Database", "Heartbeats", "Contracts", "Ethereum", "Ledger", "DRPC", "Chores", hummingbird, mustache, httpTypes, httpClient, nio, nioPosix, nioHTTP, nioSSL, lifecycle, logging, crypto]),

        // Programs
        room("Programs", "Installation", ["CMalloc", "StorageModel", "Identity", "Ethereum"]),
        room("Programs", "ClientCommands", ["Uplink", "Installation", arguments, crypto, nio, logging]),
        room("Programs", "DirectCommands", ["Direct", "ClientCommands", "Installation", "PieceTransfer", "Identity", "StorageModel", "Encryption", "Contracts", "Ethereum", "Ledger", "Database", "DRPC", "Chores", arguments, nio, logging]),
        room("Programs", "LocalNetwork", ["Subprocesses", "MailDoor", "PortMapping", "S3Gateway", "ConsoleKit", "SatelliteConsole", "StorjShare", "LinkSharing", "GatewayRecords", "Uplink", "Installation", "DRPC", "Chores", "OperatorDoor", "Database", "Metainfo", "Overlay", "AdminAPI", "StorageModel", "Identity", "Macaroons", "Encryption", "AccessGrants", "Accounts", "Satellite", "StorageNode", "NodeAPI", "Upkeep", "Market", "Billing", "Contracts", "Ethereum", "Ledger", lifecycle, logging, crypto]),
        room("Programs", "OperatorCommands", ["ClientCommands", "Installation", "AdminAPI", "NodeAPI", "StorageModel", "Contracts", "Ethereum", "Ledger", "Chores", arguments, nio, nioPosix, nioHTTP]),
        room("Programs", "MarketCommands", ["ClientCommands", "StorageModel", "WireMessages", "Contracts", "Ethereum", "Ledger", "Identity", "DRPC", "Chores", "Database", arguments, nio, logging]),
        room("Programs", "GatewayCommands", ["S3Gateway", "LinkSharing", "GatewayRecords", "ClientCommands", "Installation", "Uplink", "StorageModel", "Chores", arguments, nio, lifecycle, signals, logging]),
        program("storj", ["GatewayCommands", "ClientCommands", "DirectCommands", "OperatorCommands", "MarketCommands", "LocalNetwork", "Satellite", "StorageNode", "Uplink", "Heartbeats", "Contracts", "Ethereum", "Ledger", "Billing", "WireMessages", "DRPC", "Blake3", "Identity", "StorageModel", "AccessGrants", "Encryption", "Macaroons", "Installation", "Chores", "Accounts", arguments, lifecycle, signals, logging]),
        program("storj-bench", ["Subprocesses", "Direct", "Installation", "StorageModel", "Blake3", "ErasureCode", "Encryption", "DRPC", "Metabase", "Database", "PieceStore", "StorageNode", "PieceTransfer", "Upkeep", "Market", "Heartbeats", "Contracts", "Ethereum", "Ledger", "Billing", "Overlay", "Identity", "Orders", "Accounting", "Chores", "WireMessages", nio, arguments, logging, crypto]),

        // Tests
        .target(name: "TestSupport", dependencies: ["StorageModel"], path: "Tests/TestSupport", swiftSettings: settings),
        .target(name: "SatelliteTesting", dependencies: ["StorageModel", "WireMessages", "Metabase", "Overlay", "Orders", "Identity", "Macaroons", "Accounts", "Accounting", "Metainfo", "DRPC", "Chores", "Database", "TestSupport", nio, logging], path: "Tests/SatelliteTesting", swiftSettings: settings),
        .target(name: "WebTesting", dependencies: ["ConsoleKit", "StorageModel", "TestSupport", hummingbird, httpTypes, nio, nioEmbedded, logging], path: "Tests/WebTesting", swiftSettings: settings),
        tests("Blake3", ["StorageModel", "Kernels"]),
        tests("ErasureCode", ["StorageModel", crypto]),
        tests("StorageModel", [crypto]),
        tests("DRPCWire", ["StorageModel", nio]),
        tests("WireMessages", ["StorageModel", protobuf, nio]),
        tests("Encryption", ["StorageModel", crypto]),
        tests("Macaroons", ["StorageModel", "WireMessages"]),
        tests("Identity", ["StorageModel", x509, asn1, crypto]),
        tests("Orders", ["StorageModel", "WireMessages", "Identity", crypto]),
        tests("AccessGrants", ["StorageModel", "Encryption", "Macaroons"]),
        tests("DRPC", ["StorageModel", "DRPCWire", "WireMessages", "Identity", nio, nioPosix, nioEmbedded, nioTLS, nioSSL, lifecycle, logging]),
        tests("Chores", ["StorageModel", lifecycle, logging]),
        tests("Database", ["StorageModel"]),
        tests("Subprocesses"),
        tests("PortMapping", ["StorageModel", "Chores", nio, nioPosix, httpTypes, hummingbird, logging]),
        tests("MailDoor", ["StorageModel", "Chores", nio, nioPosix]),
        tests("HTTPDoor", [hummingbirdCore, nio, nioEmbedded, nioHTTP, logging]),
        tests("PieceStore", ["Subprocesses", "StorageModel", "Blake3", nio, logging]),
        tests("Metabase", ["Subprocesses", "StorageModel", "Database"]),
        tests("Ethereum", ["StorageModel"]),
        tests("Contracts", ["Subprocesses", "StorageModel", "Blake3", "Ethereum", "Heartbeats"]),
        tests("Heartbeats", ["StorageModel", "WireMessages", "Blake3", "Ethereum", "Identity", "Orders", crypto]),
        tests("PieceTransfer", ["StorageModel", "WireMessages", "Orders", "Identity", "ErasureCode", "Blake3", "DRPC", nio, logging, crypto]),
        tests("Uplink", ["SatelliteTesting", "StorageModel", "WireMessages", "PieceTransfer", "Orders", "Identity", "Macaroons", "Encryption", "AccessGrants", "ErasureCode", "DRPC", nio, logging]),
        tests("ClientCommands", ["Uplink", "Installation", "StorageModel", arguments, nio]),
        tests("DirectCommands", ["ClientCommands", arguments]),
        tests("Overlay", ["StorageModel", "WireMessages", "Identity", "DRPC", "Chores", "Database", nio, nioPosix, logging]),
        tests("Accounts", ["StorageModel", "Macaroons", "Database", logging]),
        tests("Accounting", ["StorageModel", "WireMessages", "Orders", "Identity", "DRPC", "Metabase", "Chores", "Database", logging]),
        tests("Metainfo", ["SatelliteTesting", "StorageModel", "WireMessages", "Metabase", "Overlay", "Orders", "Identity", "Macaroons", "Accounts", "Accounting", "DRPC", "Chores", "Database", nio, logging]),
        tests("Ledger", ["Subprocesses", "StorageModel", "WireMessages", "Ethereum", "Contracts", "Heartbeats", "Blake3", "Identity", "DRPC", "Chores", "Database", nio, nioPosix, nioHTTP, logging, crypto]),
        tests("Billing", ["Subprocesses", "SatelliteTesting", "Metainfo", "Macaroons", "Orders", httpClient, nioHTTP, "StorageModel", "WireMessages", "Metabase", "Accounts", "Accounting", "Contracts", "Ethereum", "Ledger", "Identity", "DRPC", "Chores", "Database", nio, logging, crypto]),
        tests("Direct", ["StorageModel", "WireMessages", "PieceTransfer", "Orders", "Identity", "Encryption", "ErasureCode", "Blake3", "Heartbeats", "Contracts", "Ethereum", "Ledger", "PieceStore", "StorageNode", "DRPC", "Chores", "Database", nio, logging, crypto]),
        tests("Upkeep", ["SatelliteTesting", "StorageModel", "WireMessages", "Metabase", "Metainfo", "Overlay", "Accounts", "Accounting", "PieceTransfer", "ErasureCode", "Blake3", "Orders", "Identity", "Macaroons", "DRPC", "Chores", "Database", "PieceStore", "StorageNode", nio, logging, crypto]),
        tests("Market", ["SatelliteTesting", "StorageModel", "WireMessages", "Metabase", "Overlay", "Accounting", "Upkeep", "Heartbeats", "Contracts", "Ethereum", "Ledger", "Blake3", "Orders", "Identity", "DRPC", "Chores", "Database", "PieceStore", "StorageNode", nio, logging, crypto]),
        tests("StorageNode", ["Contracts", "Ethereum", "Ledger", "Database", "StorageModel", "WireMessages", "Blake3", "PieceStore", "Orders", "Heartbeats", "Identity", "DRPC", "Chores", nio, logging, crypto]),
        tests("Installation", ["StorageModel", "Identity", "Ethereum"]),
        tests("LocalNetwork", ["Installation", "StorageModel", logging]),
        tests("AdminAPI", ["StorageModel"]),
        tests("OperatorCommands", ["OperatorDoor", "Billing", "Contracts", "Ledger", "SatelliteTesting", "ClientCommands", "Installation", "AdminAPI", "Upkeep", "Market", "Overlay", "Accounts", "Accounting", "Orders", "Identity", "DRPC", "Chores", "Database", "StorageModel", arguments, logging]),
        tests("MarketCommands", ["ClientCommands", "StorageModel", "WireMessages", "Contracts", "Ethereum", "Ledger", "Identity", "Chores", "Database", arguments, logging]),
        tests("XML"),
        tests("S3Protocol", ["StorageModel", "XML", httpTypes, nio, crypto]),
        tests("GatewayRecords", ["StorageModel", "Database", logging, crypto]),
        tests("S3Gateway", ["HTTPDoor", "XML", "S3Protocol", "GatewayRecords", "SatelliteTesting", "Accounts", "Database", "Uplink", "AccessGrants", "Encryption", "Identity", "Macaroons", "DRPC", "StorageModel", "Chores", hummingbird, httpTypes, httpClient, nio, nioEmbedded, nioHTTP, lifecycle, logging, crypto, nioPosix]),
        tests("LinkSharing", ["S3Protocol", "GatewayRecords", "SatelliteTesting", "Uplink", "AccessGrants", "Encryption", "Identity", "DRPC", "Chores", "StorageModel", hummingbird, httpTypes, httpClient, nio, nioEmbedded, nioHTTP, lifecycle, logging]),
        tests("ConsoleKit", ["WebTesting", "StorageModel", hummingbird, mustache, httpTypes, httpClient, nio, nioHTTP, nioEmbedded, lifecycle, logging]),
        tests("SatelliteConsole", ["MailDoor", "WebTesting", "OperatorDoor", "DRPC", "Orders", "ConsoleKit", "SatelliteTesting", "StorageModel", "Macaroons", "Identity", "Metabase", "Overlay", "Accounts", "Accounting", "Upkeep", "Market", "Billing", "AdminAPI", "Contracts", "Ethereum", "Ledger", "Chores", "Database", hummingbird, httpTypes, httpClient, nio, lifecycle, logging, crypto]),
        tests("StorjShare", [nioSSL, "MailDoor", "PortMapping", "WebTesting", "ConsoleKit", "StorageModel", "Identity", "StorageNode", "NodeAPI", "PieceStore", "Database", "Contracts", "Ethereum", "Ledger", "DRPC", "Chores", hummingbird, httpTypes, httpClient, nio, nioPosix, lifecycle, logging, crypto]),
        tests("GatewayCommands", ["ClientCommands", "GatewayRecords", "LinkSharing", "Installation", "StorageModel", arguments, nio, logging]),
        tests("storj-bench"),
    ],
    cLanguageStandard: .c11
)
