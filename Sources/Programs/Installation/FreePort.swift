import Foundation
import Synchronization

/// Ports for a network that lives on one machine.
package enum FreePort {
    /// Why no port could be had.
    package struct Unavailable: Error, CustomStringConvertible {
        package let description: String
    }

    /// Below the range from which systems take the ports of outgoing connections: a port of that range can be in use
    /// by the time its server, or a server that was restarted, listens.
    private static let range = 10_000..<30_000
    private static let maximumAttempts = 200
    /// Ports given out in this process, which nobody may be listening on yet.
    private static let given = Mutex<Set<Int>>([])

    /// A TCP port of 127.0.0.1 that nobody listens on at this moment, another one with each call.
    ///
    /// The port is chosen once, at set-up, and kept in the settings file, because grants and nodes name it.
    /// - Throws: `Unavailable` when the system refuses a socket or hardly any port is free.
    package static func choose() throws -> Int {
        for _ in 0..<maximumAttempts {
            let port = Int.random(in: range)
            guard given.withLock({ $0.insert(port).inserted }) else { continue }
            if try isFree(port) { return port }
        }
        throw Unavailable(description: "no free port on 127.0.0.1 among \(range)")
    }

    private static func isFree(_ port: Int) throws -> Bool {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { throw Unavailable(description: "no socket: errno \(errno)") }
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, length) == 0 }
        }
    }
}
