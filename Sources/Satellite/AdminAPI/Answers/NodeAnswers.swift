package import Foundation
package import Overlay
import StorageModel

/// All nodes.
package struct NodesAnswer: Codable, Hashable, Sendable {
    package let nodes: [NodeAnswer]
}

/// A node as the satellite sees it.
package struct NodeAnswer: Codable, Hashable, Sendable {
    /// What a node is to the satellite, the gravest first; a node in several states is told in the first of them.
    package enum State: String, Codable, Hashable, Sendable, CaseIterable {
        case disqualified, exited, exiting, suspended, offline, online
    }

    package let id: String
    package let address: String
    package let state: State
    /// Whether its last contact is fresh and it answered the newest ping.
    package let online: Bool
    /// Whether it has proven itself.
    package let vetted: Bool
    /// Whether it still owes an answer to an audit.
    package let contained: Bool
    /// Bytes that it says are free.
    package let freeDisk: Int64
    /// Pieces at the last count.
    package let pieceCount: Int64
    package let version: String
    /// Two letters; empty when it is not known.
    package let country: String
    /// What counts as one place when pieces are spread.
    package let network: String
    package let email: String
    package let wallet: String
    package let createdAt: Date
    package let lastContactSuccess: Date?
    package let lastContactFailure: Date?
    package let vettedAt: Date?
    package let disqualifiedAt: Date?
    /// Why it is out for good, in one word.
    package let disqualificationReason: String?
    package let unknownAuditSuspendedAt: Date?
    package let offlineSuspendedAt: Date?
    package let underReviewAt: Date?
    package let exitInitiatedAt: Date?
    package let exitFinishedAt: Date?

    package init(_ node: NodeRecord, isOnline: Bool) {
        id = "\(node.id)"
        address = node.address
        state = State(node, isOnline: isOnline)
        online = isOnline
        vetted = node.vettedAt != nil
        contained = node.isContained
        freeDisk = node.freeDisk
        pieceCount = node.pieceCount
        version = "\(node.version)"
        country = node.countryCode
        network = node.lastNet
        email = node.email
        wallet = node.wallet
        createdAt = node.createdAt.date
        lastContactSuccess = node.lastContactSuccess?.date
        lastContactFailure = node.lastContactFailure?.date
        vettedAt = node.vettedAt?.date
        disqualifiedAt = node.disqualifiedAt?.date
        disqualificationReason = node.disqualifiedAt == nil ? nil : node.disqualificationReason.map { "\($0)" }
        unknownAuditSuspendedAt = node.unknownAuditSuspendedAt?.date
        offlineSuspendedAt = node.offlineSuspendedAt?.date
        underReviewAt = node.underReviewAt?.date
        exitInitiatedAt = node.exitInitiatedAt?.date
        exitFinishedAt = node.exitFinishedAt?.date
    }
}

extension NodeAnswer.State {
    package init(_ node: NodeRecord, isOnline: Bool) {
        self =
            if node.disqualifiedAt != nil {
                .disqualified
            } else if node.exitFinishedAt != nil {
                .exited
            } else if node.exitInitiatedAt != nil {
                .exiting
            } else if node.unknownAuditSuspendedAt != nil || node.offlineSuspendedAt != nil {
                .suspended
            } else {
                isOnline ? .online : .offline
            }
    }
}
