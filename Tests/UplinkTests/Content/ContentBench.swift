import AccessGrants
import DRPC
import Encryption
import Foundation
import Identity
import NIOCore
import SatelliteTesting
import StorageModel
import Synchronization
import TestSupport
import Testing
import Uplink
import WireMessages

/// A satellite and ten nodes in one process: everything that stores content, without sockets.
struct ContentBench {
    let satellite: TestSatellite
    let nodes: [MemoryNode]
    let grant: AccessGrant
    let project: Uplink.Project
    /// Bucket of all tests.
    let bucket = "bucket"

    init(_ configuration: Configuration = Configuration()) async throws {
        let satellite = try await TestSatellite(nodeCount: 10)
        self.satellite = satellite
        var nodes: [MemoryNode] = []
        for identity in satellite.nodes.values {
            let node = MemoryNode(identity: identity)
            let address = try #require(await Self.address(of: identity.id, in: satellite.network))
            satellite.network.register(node.router, identity: identity.peer, address: address)
            nodes.append(node)
        }
        self.nodes = nodes
        grant = try await TestBench(satellite).grant
        project = try Self.project(grant, satellite, configuration)
        try await project.createBucket(bucket)
    }

    /// A project opened with a grant.
    static func project(
        _ grant: AccessGrant, _ satellite: TestSatellite, _ configuration: Configuration = Configuration()
    ) throws -> Uplink.Project {
        try Uplink.Project(
            grant: grant, configuration: configuration,
            connections: ClientConnections(dialer: satellite.network.dialer(as: nil)), random: .system,
            clock: satellite.clock.wallClock, pause: { try await Task.sleep(for: $0) })
    }

    /// Where a node answers: nodes were given these addresses in an order of their own.
    private static func address(of node: NodeID, in network: InProcessNetwork) async -> String? {
        for port in stride(from: 13_000, to: 13_100, by: 10) {
            let address = "127.0.0.1:\(port)"
            if (try? await network.dialer(as: nil).connect(to: NodeURL(id: node, address: address))) != nil {
                return address
            }
        }
        return nil
    }

    /// Stores content.
    @discardableResult
    func put(_ content: [UInt8], _ key: String, options: UploadOptions = UploadOptions()) async throws -> Object {
        let upload = try await project.upload(bucket: bucket, key: key, options: options)
        try await upload.write(ByteBuffer(bytes: content))
        return try await upload.commit()
    }

    /// Reads content.
    func get(_ key: String, _ range: DownloadRange = .all) async throws -> [UInt8] {
        var content: [UInt8] = []
        let download = try await project.download(bucket: bucket, key: key, options: DownloadOptions(range: range))
        for try await buffer in download { content += buffer.readableBytesView }
        #expect(content.count == download.range.count)
        return content
    }

    /// Keys of uploads that are neither committed nor aborted.
    func pendingKeys() async throws -> [String] {
        var keys: [String] = []
        for try await upload in project.pendingUploads(bucket: bucket) { keys.append(upload.key) }
        return keys
    }
}

/// Bytes that never repeat within an object, cheap to make.
func pattern(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
        var state = seed &* 0x9e37_79b9_7f4a_7c15 | 1
        for index in buffer.indices {
            if index % 8 == 0 {
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
            }
            buffer.initializeElement(at: index, to: UInt8(truncatingIfNeeded: state >> UInt64(index % 8 * 8)))
        }
        initialized = count
    }
}
