import DRPC
import Foundation
import Identity
import StorageModel
import TestSupport
import Testing

/// Dialing somebody who never answers.
@Suite struct CancelledDialTests {
    @Test func `a cancelled dial to a host that drops packets ends as cancelled`() async throws {
        let hole = try BlackHole()
        defer { hole.close() }
        let eventLoops = RPCEventLoops(threadCount: 1)
        let dialer = try TLSDialer(
            identity: .generate(random: .seeded(3)), settings: RPCDialerSettings(), eventLoops: eventLoops)
        let node = NodeURL(id: NodeIdentity.generate(random: .seeded(4)).id, address: "127.0.0.1:\(hole.port)")
        let dial = Task { try await dialer.connect(to: node) }
        await Task.yield()
        dial.cancel()
        await #expect(throws: CancellationError.self) { _ = try await dial.value }
        await dialer.close()
        await eventLoops.shutdown()
    }
}

/// A port whose queue of connections is full: the system drops what else wants to connect.
private final class BlackHole {
    struct Failure: Error {}

    let port: UInt16
    private var sockets: [Int32]

    init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isReady = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) == 0 && listen(listener, 0) == 0
                    && getsockname(listener, address, &length) == 0
            }
        }
        guard isReady else { throw Failure() }
        port = UInt16(bigEndian: address.sin_port)
        sockets = [listener]
        for _ in 0..<4 {
            let guest = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
            sockets.append(guest)
            withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = connect(guest, $0, length) }
            }
        }
    }

    func close() {
        for descriptor in sockets { _ = Foundation.close(descriptor) }
    }
}
