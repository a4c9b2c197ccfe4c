import AccessGrants
import DRPC
import Encryption
import Foundation
import GatewayRecords
import HTTPTypes
import Identity
import Logging
import Macaroons
import NIOCore
import S3Gateway
import S3Protocol
import SatelliteTesting
import StorageModel
import Synchronization
import TestSupport
import Uplink

/// A gateway before a satellite without sockets, asked as behind the signature's check. Objects stay below 4 KiB, which
/// the satellite keeps itself.
struct GatewayBench {
    let satellite: TestSatellite
    let gateway: Gateway
    /// The owner of the satellite's project.
    let main: Caller
    private let door: Door

    init(_ settings: GatewaySettings = GatewaySettings()) async throws {
        let satellite = try await TestSatellite(nodeCount: 0)
        self.satellite = satellite
        let records = try await GatewayRecords.inMemory(key: GatewayKey(bytes: [UInt8](repeating: 3, count: 32)))
        let clock = satellite.clock.wallClock
        gateway = Gateway(
            records: records, settings: settings, configuration: Configuration(), clock: clock,
            random: .seeded(11), logger: Logger(label: "test"),
            open: { access, configuration in
                try Uplink.Project(
                    grant: AccessGrant(text: access.text), configuration: configuration, settings: UplinkSettings(),
                    connections: ClientConnections(dialer: satellite.network.dialer(as: nil)), random: .seeded(7),
                    clock: clock, pause: { _ in })
            })
        door = Door(gateway.context)
        guard let key = EncryptionKey([UInt8](repeating: 1, count: 32)) else {
            preconditionFailure("a key has 32 bytes")
        }
        let grant = try AccessGrant(
            satelliteAddress: "\(satellite.identity.id)@127.0.0.1:7777", apiKey: satellite.key, rootKey: key).text
        let project = try await gateway.context.projects.project(for: grant)
        let credential = try await CredentialRegistrar(records: records, random: .seeded(5), clock: clock).register(
            grant: Access(grant), of: project, .init(name: "main", email: "main@example.com"))
        main = try await door.caller(of: credential)
    }

    /// An answer, of an operation or of a refusal.
    struct Answer: Sendable {
        let status: Int
        let headers: HTTPFields
        let body: [UInt8]
        /// Nil for what succeeded.
        let code: S3ErrorCode?

        var text: String { String(decoding: body, as: UTF8.self) }

        /// A header, by its name in any case.
        subscript(name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
    }

    /// Sends a request.
    ///
    /// - Parameters:
    ///   - path: with the query, percent-encoded.
    ///   - caller: nil for the owner.
    func call(
        _ method: HTTPRequest.Method, _ path: String, _ headers: [String: String] = [:], body: String = "",
        as caller: Caller? = nil
    ) async throws -> Answer {
        try await call(method, path, headers, bytes: Array(body.utf8), as: caller)
    }

    /// Sends a request with a body that need not be text.
    func call(
        _ method: HTTPRequest.Method, _ path: String, _ headers: [String: String] = [:], bytes: [UInt8],
        as caller: Caller? = nil
    ) async throws -> Answer {
        do {
            let (request, operation) = try request(method, path, headers, bytes)
            let call = try await door.admit(request, operation, caller ?? main)
            let response = try await Dispatch.run(call)
            return Answer(
                status: response.status.code, headers: response.headers, body: try await content(response), code: nil)
        } catch let error as S3Error {
            return answer(error)
        } catch let error as UplinkError {
            return answer(S3Error(error))
        }
    }

    private func answer(_ error: S3Error) -> Answer {
        Answer(
            status: error.status.code, headers: error.headers,
            body: error.xml(resource: nil, requestID: "1", hostID: "2"), code: error.code)
    }

    private func request(
        _ method: HTTPRequest.Method, _ path: String, _ headers: [String: String], _ bytes: [UInt8]
    ) throws -> (S3Request, S3Operation) {
        let halves = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let (rawPath, rawQuery) = (halves[0], halves.count > 1 ? halves[1] : "")
        let target = try S3Target.parse(rawPath: rawPath, host: "localhost", domains: [])
        let query = QueryItems(rawQuery: rawQuery)
        var fields = HTTPFields()
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        let operation = try S3Operation.named(method, target, query, fields)
        let check = try BodyCheck(
            .anonymous(fields), headers: fields, contentLength: Int64(bytes.count),
            checksumIsOfBody: operation != .completeMultipartUpload)
        let body = S3Body(check, source: AsyncThrowingStream<ByteBuffer, any Error> { continuation in
            // In two pieces, as bodies come.
            for piece in [bytes.prefix(bytes.count / 2), bytes.suffix(bytes.count - bytes.count / 2)] where !piece.isEmpty {
                continuation.yield(ByteBuffer(bytes: piece))
            }
            continuation.finish()
        })
        let now = satellite.clock.now
        let request = S3Request(
            id: "1", method: method, target: target, query: query, headers: fields, rawPath: rawPath,
            rawQuery: rawQuery, host: "localhost", remoteAddress: "127.0.0.1",
            receivedAt: Date(timeIntervalSince1970: Double(now.seconds)), isSecure: false, body: body)
        return (request, operation)
    }

    private func content(_ response: S3Response) async throws -> [UInt8] {
        switch response.body {
        case .none: return []
        case .bytes(let buffer): return Array(buffer.readableBytesView)
        case .stream(_, let produce):
            let collected = CollectedBody()
            var writer = S3Response.Writer(collected)
            try await produce(&writer)
            return collected.bytes
        }
    }
}
