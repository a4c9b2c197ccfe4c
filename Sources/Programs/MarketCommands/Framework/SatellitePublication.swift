import ClientCommands
package import DRPC
import Foundation
import Identity
package import StorageModel
import WireMessages

/// A satellite that is asked what it publishes, as anybody can ask it.
struct SatellitePublication: Publication {
    /// Bytes of a file that are waited for at most.
    private static let maximumSize = 1 << 30

    let connection: any RPCConnection

    func manifest() async throws -> [UInt8] {
        Array(try await connection.call(MarketMethods.manifest, Market_ManifestRequest()).manifest)
    }

    func names(prefix: String) async throws -> [String] {
        var request = Market_ListFilesRequest()
        request.prefix = prefix
        return try await connection.call(MarketMethods.listFiles, request).names
    }

    /// A list of all nodes' statements would be cut short: the periods are asked for instead, and each is tried.
    func statementNames(of node: NodeID) async throws -> [String] {
        var names: [String] = []
        var request = Heartbeat_ListPeriodsRequest()
        request.limit = 1000
        while true {
            let periods = try await connection.call(HeartbeatReportMethods.listPeriods, request).periods
            names += periods.map { "statements/\($0.period)/\(node).bin" }
            // Every page is older than the one before: a satellite that says otherwise is not asked again.
            guard let oldest = periods.map(\.period).min(), !request.hasBefore || oldest < request.before else { return names }
            request.before = oldest
        }
    }

    func file(_ name: String) async throws -> [UInt8]? {
        var request = Market_GetFileRequest()
        request.name = name
        do {
            return try await connection.withStream(MarketMethods.getFile) { stream in
                try await stream.send(request)
                stream.closeSend()
                var bytes: [UInt8] = []
                while let part = try await stream.receive() {
                    bytes += part.content
                    guard bytes.count <= Self.maximumSize else {
                        throw CommandFailure(.failure, "the satellite sends more than any file has")
                    }
                }
                return bytes
            }
        } catch let error as RPCStatusError where error.code == .notFound {
            return nil
        }
    }
}

/// A connection to a satellite by somebody it does not know.
package enum StrangerConnection {
    /// Connects and disconnects around a body.
    ///
    /// - Parameter address: `ID@HOST:PORT`.
    /// - Throws: `CommandFailure`; what the body throws.
    package static func with<Result>(
        _ address: String, _ body: (NodeURL, any RPCConnection, any RPCDialer) async throws -> Result
    ) async throws -> Result {
        let url: NodeURL
        do { url = try NodeURL(text: address) } catch { throw CommandFailure(.usage, "\(address): \(error)") }
        let eventLoops = RPCEventLoops(threadCount: 1)
        let dialer = try TLSDialer(
            identity: .generate(random: .system), settings: RPCDialerSettings(), eventLoops: eventLoops)
        let outcome: Swift.Result<Result, any Error>
        do { outcome = .success(try await body(url, try await dialer.connect(to: url), dialer)) } catch {
            outcome = .failure(explained(error, address))
        }
        await dialer.close()
        await eventLoops.shutdown()
        return try outcome.get()
    }

    private static func explained(_ error: any Error, _ address: String) -> any Error {
        switch error {
        case let error as RPCError: CommandFailure(.unreachable, "the satellite at \(address) does not answer: \(error)")
        case let error as RPCStatusError where error.code == .notFound: CommandFailure(.notFound, error.message)
        case let error as RPCStatusError:
            CommandFailure(.failure, "the satellite at \(address) answers: \(error.message)")
        default: error
        }
    }
}
