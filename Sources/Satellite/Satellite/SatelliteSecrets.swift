package import StorageModel

/// The keys a satellite uses for what only it reads: its tokens and the metadata in its orders.
///
/// Losing them invalidates uploads in flight and unsettled orders, nothing else.
package struct SatelliteSecrets: Codable, Sendable {
    /// Authenticates stream and segment tokens, 32 bytes.
    package var tokenKey: [UInt8]
    /// Encrypts the project and bucket in order limits, 32 bytes.
    package var orderKey: [UInt8]

    /// Fresh keys.
    package init(random: RandomSource) {
        tokenKey = random.bytes(count: 32)
        orderKey = random.bytes(count: 32)
    }
}
