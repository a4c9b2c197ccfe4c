import Accounts
import StorageModel

/// All projects.
struct ProjectsAnswer: Codable, Sendable {
    let projects: [ProjectAnswer]
}

/// A project; its id is hexadecimal.
struct ProjectAnswer: Codable, Sendable {
    let id: String
    let name: String
    let isDisabled: Bool
    let createdAt: Int64

    init(_ project: Project) {
        id = Hexadecimal.encode(project.id.bytes)
        name = project.name
        isDisabled = project.isDisabled
        createdAt = project.createdAt.microseconds
    }
}

/// What a project uses, in bytes and counts, and its limits.
struct UsageAnswer: Codable, Sendable {
    let storageBytes: Int64
    let segments: Int64
    let bandwidthBytes: Int64
    let storageLimit: Int64
    let segmentLimit: Int64
    let bandwidthLimit: Int64
}

/// A new API key, shown this once.
struct KeyAnswer: Codable, Sendable {
    let id: String
    let apiKey: String
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
