import DRPC
import StorageModel
import WireMessages

/// Reads what a satellite publishes.
enum MarketFiles {
    /// Bytes of a file at most: amounts of a million farmers.
    private static let maximumSize = 64 << 20

    /// A published file, whole.
    ///
    /// - Throws: an error of the network, or `RPCStatusError`.
    static func get(_ name: String, of satellite: NodeURL, dialer: any RPCDialer) async throws -> [UInt8] {
        var request = Market_GetFileRequest()
        request.name = name
        let wanted = request
        return try await dialer.connect(to: satellite).withStream(MarketMethods.getFile) { stream in
            try await stream.send(wanted)
            stream.closeSend()
            var bytes: [UInt8] = []
            while let part = try await stream.receive() {
                guard bytes.count + part.content.count <= maximumSize else {
                    throw RPCStatusError(.resourceExhausted, "a published file is larger than any")
                }
                bytes += part.content
            }
            return bytes
        }
    }
}
