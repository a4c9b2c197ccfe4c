package import DRPC
package import StorageModel
import Synchronization

/// Reaches nodes under identities that are thrown away: a node that met one audit does not know the next by it.
package final class DisguisedDialer: RPCDialer {
    /// A dialer with an identity of its own.
    package struct Mask: Sendable {
        let dialer: any RPCDialer
        let retire: @Sendable () async -> Void

        /// A mask.
        ///
        /// - Parameter retire: closes what the dialer holds open.
        package init(dialer: any RPCDialer, retire: @escaping @Sendable () async -> Void) {
            self.dialer = dialer
            self.retire = retire
        }
    }

    private struct State {
        var dialCount = 0
        /// Newest last. The one before may still have downloads under way; the one before that has none.
        var masks: [Mask] = []
    }

    /// More than the downloads that can be under way at once: two segments of 256 pieces.
    private static let dialsPerMask = 1000

    private let make: @Sendable () throws -> Mask
    private let state = Mutex(State())

    /// A dialer that puts on a new mask now and then.
    package init(make: @escaping @Sendable () throws -> Mask) {
        self.make = make
    }

    package func connect(to node: NodeURL) async throws -> any RPCConnection {
        let (mask, retired) = try state.withLock { state in
            if state.masks.isEmpty || state.dialCount == Self.dialsPerMask {
                state.dialCount = 0
                do { state.masks.append(try make()) } catch {
                    // No mask is the satellite's trouble: to the callers it must not look like the node's.
                    if state.masks.isEmpty { throw RPCError.dialerClosed }
                }
            }
            state.dialCount += 1
            let retired = state.masks.count > 2 ? state.masks.removeFirst() : nil
            return (state.masks[state.masks.count - 1], retired)
        }
        await retired?.retire()
        return try await mask.dialer.connect(to: node)
    }

    /// Closes what all masks hold open.
    package func close() async {
        let masks = state.withLock { state in
            defer { state.masks = [] }
            return state.masks
        }
        for mask in masks { await mask.retire() }
    }
}
