import Foundation
import Uplink

/// What is known of the project.
struct ProjectDetails: Details {
    let publicId: String?
    let createdAt: Date?

    init(_ info: ProjectInfo) {
        publicId = info.publicID.isEmpty ? nil : info.publicID.map { String(format: "%02x", $0) }.joined()
        createdAt = info.createdAt
    }

    func facts(show: (Date) -> String) -> [(name: String, value: String)] {
        var facts: [(String, String)] = [("project", publicId ?? "(the satellite does not say)")]
        if let createdAt { facts.append(("created", show(createdAt))) }
        return facts
    }
}
