import Foundation
package import Identity
package import StorageModel
package import WireMessages

/// The two ends of an exit, signed by the satellite: the node keeps them as a receipt.
///
/// Signed are the message's canonical bytes without the signature: fields in ascending order, the ids always, the
/// reason only when it is not 0.
/// - Source: protocol document 3 §0.3, §1.6.4 and §6.6.
package enum ExitSignature {
    /// The receipt of a node that left in good order.
    package static func completed(
        _ node: NodeID, at time: Timestamp, by satellite: NodeIdentity
    ) throws -> GracefulExit_ExitCompleted {
        var message = GracefulExit_ExitCompleted()
        message.satelliteID = Data(satellite.id.bytes)
        message.nodeID = Data(node.bytes)
        message.completed = Wire_Timestamp(time)
        message.exitCompleteSignature = Data(satellite.sign(try message.encoded()))
        return message
    }

    /// The notice to a node that did not.
    package static func failed(
        _ node: NodeID, _ failure: NodeRecord.ExitFailure, at time: Timestamp, by satellite: NodeIdentity
    ) throws -> GracefulExit_ExitFailed {
        var message = GracefulExit_ExitFailed()
        message.reason = GracefulExit_ExitFailed.Reason(rawValue: failure.rawValue) ?? .verificationFailed
        message.satelliteID = Data(satellite.id.bytes)
        message.nodeID = Data(node.bytes)
        message.failed = Wire_Timestamp(time)
        message.exitFailureSignature = Data(satellite.sign(try message.encoded()))
        return message
    }
}
