import Foundation

/// Ports for a network that lives on one machine.
package enum FreePort {
    /// Why no port could be had.
    package struct Unavailable: Error, CustomStringConvertible {
        package let description: String
    }

    /// A TCP port of 127.0.0.1 that nobody listens on at this moment.
    ///
    /// The port is chosen once, at set-up, and kept in the settings file, because grants and nodes name it.
    /// - Throws: `Unavailable` when the system refuses a socket.
    package static func choose() throws -> Int {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { throw Unavailable(description: "no socket: errno \(errno)") }
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(socket, pointer, length) == 0 && getsockname(socket, pointer, &length) == 0
            }
        }
        guard bound else { throw Unavailable(description: "no free port on 127.0.0.1: errno \(errno)") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
