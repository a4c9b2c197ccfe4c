import Chores
import DRPC
import Identity
import StorageModel
import WireMessages

extension Overlay {
    /// Dials a node, which proves that it is the one, and calls its PingNode.
    ///
    /// - Returns: the identity the node showed; nil only over a transport without certificates.
    /// - Throws: `OverlayError` `.unreachable` with the reason, `.noAnswer` after `timeout`.
    func ping(_ id: NodeID, address: String, timeout: Duration) async throws -> PeerIdentity? {
        let dialer = dialer
        let sleeper = sleeper
        do {
            return try await withThrowingTaskGroup(of: PeerIdentity?.self) { group in
                group.addTask {
                    let connection = try await dialer.connect(to: NodeURL(id: id, address: address))
                    _ = try await connection.call(ContactMethods.pingNode, Node_ContactPingRequest())
                    return connection.peer
                }
                group.addTask {
                    try await sleeper.sleep(timeout)
                    throw OverlayError.noAnswer(within: timeout)
                }
                defer { group.cancelAll() }
                guard let peer = try await group.next() else { throw CancellationError() }
                return peer
            }
        } catch let error as OverlayError {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            throw OverlayError.unreachable("\(error)")
        }
    }
}
