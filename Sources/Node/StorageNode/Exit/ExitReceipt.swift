import Foundation
import Identity
import StorageModel
import WireMessages

/// A satellite's signed last word on an exit, checked.
///
/// - Source: protocol document 3 §6.6; signed is the message without its signature.
struct ExitReceipt {
    /// Whether the exit is complete; false when it failed.
    let isCompleted: Bool
    /// When, as the satellite says.
    let ended: Timestamp?
    /// Why it failed, in words.
    let reason: String?

    /// Checks that the message is this satellite's to this node.
    ///
    /// - Throws: `ExitError.unexpectedAnswer`.
    init(_ message: GracefulExit_ExitCompleted, satellite: PeerIdentity, node: NodeID) throws {
        var unsigned = message
        unsigned.exitCompleteSignature = Data()
        try Self.check(message.satelliteID, message.nodeID, satellite, node)
        try Self.check(message.exitCompleteSignature, of: unsigned.encoded(), by: satellite)
        isCompleted = true
        ended = try Wire_Timestamp.value(message.hasCompleted ? message.completed : nil)
        reason = nil
    }

    /// Checks that the message is this satellite's to this node.
    ///
    /// - Throws: `ExitError.unexpectedAnswer`.
    init(_ message: GracefulExit_ExitFailed, satellite: PeerIdentity, node: NodeID) throws {
        var unsigned = message
        unsigned.exitFailureSignature = Data()
        try Self.check(message.satelliteID, message.nodeID, satellite, node)
        try Self.check(message.exitFailureSignature, of: unsigned.encoded(), by: satellite)
        isCompleted = false
        ended = try Wire_Timestamp.value(message.hasFailed ? message.failed : nil)
        reason =
            switch message.reason {
            case .verificationFailed: "its pieces could not be verified"
            case .inactiveTimeframeExceeded: "the node was offline too much while it was leaving"
            case .overallFailurePercentageExceeded: "too many audits of the node failed"
            case .UNRECOGNIZED(let number): "reason \(number)"
            }
    }

    private static func check(_ satelliteID: Data, _ nodeID: Data, _ satellite: PeerIdentity, _ node: NodeID) throws {
        guard Array(satelliteID) == satellite.id.bytes else {
            throw ExitError.unexpectedAnswer("it is another satellite's")
        }
        guard Array(nodeID) == node.bytes else { throw ExitError.unexpectedAnswer("it is for another node") }
    }

    private static func check(_ signature: Data, of bytes: [UInt8], by satellite: PeerIdentity) throws {
        guard satellite.isValidSignature(Array(signature), for: bytes) else {
            throw ExitError.unexpectedAnswer("its signature is not the satellite's")
        }
    }
}
