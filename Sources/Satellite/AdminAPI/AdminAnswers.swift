import Hummingbird

/// That the satellite runs.
struct HealthAnswer: ResponseCodable {
    let status: String
}

/// All nodes.
struct NodesAnswer: ResponseCodable {
    let nodes: [NodeAnswer]
}

/// A node as the overlay sees it. Times are microseconds since 1970.
struct NodeAnswer: ResponseCodable {
    let id: String
    let address: String
    let online: Bool
    let freeDisk: Int64
    let pieceCount: Int64
    let version: String
    let createdAt: Int64
    let lastContactSuccess: Int64?
    let lastContactFailure: Int64?
    let disqualifiedAt: Int64?
}

/// All projects.
struct ProjectsAnswer: ResponseCodable {
    let projects: [ProjectAnswer]
}

/// A project; its id is hexadecimal.
struct ProjectAnswer: ResponseCodable {
    let id: String
    let name: String
    let isDisabled: Bool
    let createdAt: Int64
}

/// What a project uses, in bytes and counts, and its limits.
struct UsageAnswer: ResponseCodable {
    let storageBytes: Int64
    let segments: Int64
    let bandwidthBytes: Int64
    let storageLimit: Int64
    let segmentLimit: Int64
    let bandwidthLimit: Int64
}

/// A new API key, shown this once.
struct KeyAnswer: ResponseCodable {
    let id: String
    let apiKey: String
}

/// The recurring work.
struct ChoresAnswer: ResponseCodable {
    let chores: [ChoreAnswer]
}

/// One chore. Times are microseconds since 1970.
struct ChoreAnswer: ResponseCodable {
    let name: String
    let intervalSeconds: Double
    let isPaused: Bool
    let isRunning: Bool
    let runCount: Int
    let failureCount: Int
    let lastStart: Int64?
    let lastEnd: Int64?
    let lastError: String?
}

/// A project to make.
struct ProjectRequest: Decodable {
    let email: String
    let name: String
}

/// An API key to make.
struct KeyRequest: Decodable {
    let name: String
}
