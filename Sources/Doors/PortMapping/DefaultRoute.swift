import Foundation
package import StorageModel

/// The router that this machine's traffic leaves by.
package enum DefaultRoute {
    private static let table = "/proc/net/route"
    private static let usesGateway: UInt32 = 2

    /// The router; nil when the machine has none, or the system does not tell.
    package static var router: IPAddress? {
        guard let text = try? String(contentsOfFile: table, encoding: .utf8) else { return nil }
        return router(in: text)
    }

    /// The gateway of the default route with the lowest metric.
    ///
    /// - Parameter table: in the form of Linux's `/proc/net/route`: addresses in hexadecimal, lowest byte first.
    package static func router(in table: String) -> IPAddress? {
        let routes = table.split(separator: "\n").dropFirst().compactMap { line -> (metric: Int, gateway: IPAddress)? in
            let words = line.split { $0 == "\t" || $0 == " " }
            guard words.count >= 8, words[1] == "00000000", words[7] == "00000000",
                let gateway = UInt32(words[2], radix: 16), let flags = UInt32(words[3], radix: 16), flags & usesGateway != 0,
                let metric = Int(words[6]),
                let address = IPAddress(bytes: withUnsafeBytes(of: gateway.littleEndian) { Array($0) })
            else { return nil }
            return (metric, address)
        }
        return routes.min { $0.metric < $1.metric }?.gateway
    }
}
