import AccessGrants
import Foundation
import GatewayRecords
import HTTPTypes
import Logging
import Macaroons
import NIOCore
import StorageModel
import Uplink

/// `POST /v1/access`: gives a grant, that a console's page made in a browser, an access key id and a secret.
///
/// No bucket is called `v1`: names have three characters and more. The shapes are those of the service that existing
/// tools register grants with.
package struct RegistrationEndpoint: Sendable {
    package static let path = "/v1/access"
    /// Bytes of a question: a grant has 16 KiB at most.
    private static let longestBody = 24 << 10

    private let gateway: GatewayContext
    private let registrar: CredentialRegistrar
    /// Opening a grant costs a connection to its satellite.
    private let pace = RegistrationPace(mostOfOne: 20, mostOfAll: 300)

    package init(_ gateway: GatewayContext) {
        self.gateway = gateway
        registrar = CredentialRegistrar(records: gateway.records, random: gateway.random, clock: gateway.clock)
    }

    private struct Question: Decodable {
        let grant: String
        let isPublic: Bool?

        enum CodingKeys: String, CodingKey {
            case grant = "access_grant"
            case isPublic = "public"
        }
    }

    private struct Answer: Encodable {
        let accessKeyID: String
        let secretKey: String
        let endpoint: String

        enum CodingKeys: String, CodingKey {
            case accessKeyID = "access_key_id"
            case secretKey = "secret_key"
            case endpoint
        }
    }

    private struct Refusal: Error, Encodable {
        let status: HTTPResponse.Status
        let error: String

        enum CodingKeys: CodingKey { case error }
    }

    /// Whether a request is for this endpoint, which is there only for a gateway that serves consoles.
    package func isMeant(by arrival: Door.Arrival) -> Bool {
        arrival.rawPath == Self.path && !gateway.settings.consoleOrigins.isEmpty
    }

    /// Registers, or says why not. What pages of other origins ask is refused before anything is read.
    package func answer(_ arrival: Door.Arrival) async -> S3Response {
        do {
            return try Self.json(try await register(arrival))
        } catch let refusal as Refusal {
            var response = Self.refused(refusal)
            if refusal.status == .tooManyRequests { response.headers[.retryAfter] = "60" }
            if refusal.status == .methodNotAllowed { response.headers[.allow] = "POST" }
            return response
        } catch let error as UplinkError {
            return Self.refused(Self.refusal(error))
        } catch is OpenProjects.Busy {
            return Self.refused(Refusal(status: .serviceUnavailable, error: "The gateway is busy. Try again in a minute."))
        } catch {
            gateway.logger.error("a grant was not registered", metadata: ["error": "\(error)", "request": "\(arrival.id)"])
            return Self.refused(Refusal(status: .internalServerError, error: "The gateway failed."))
        }
    }

    private func register(_ arrival: Door.Arrival) async throws -> Answer {
        try checkHead(arrival)
        guard pace.admits(arrival.remoteAddress, at: gateway.clock.now()) else {
            throw Refusal(status: .tooManyRequests, error: "Too many grants were registered. Try again in a minute.")
        }
        let question: Question
        do { question = try JSONDecoder().decode(Question.self, from: Data(try await Self.body(arrival))) } catch
            is DecodingError
        {
            throw Refusal(status: .badRequest, error: "The body is not JSON with an access_grant.")
        }
        let access = try Access(question.grant)
        let satellite = String(access.satellite.prefix { $0 != "@" })
        let satellites = gateway.settings.registrationSatellites
        guard satellites.isEmpty || satellites.contains(satellite) else {
            throw Refusal(status: .forbidden, error: "This gateway does not serve that satellite.")
        }
        let project = try await gateway.projects.project(for: access)
        let credential = try await registrar.register(
            grant: access, of: project,
            CredentialRegistrar.Wishes(isPublic: question.isPublic ?? false, expiresAt: Self.end(of: access)))
        gateway.logger.info(
            "a grant was registered", metadata: ["credential": "\(credential.id)", "account": "\(credential.accountID)"])
        return Answer(
            accessKeyID: credential.accessKeyID, secretKey: credential.secretKey, endpoint: endpoint(arrival))
    }

    /// - Throws: `Refusal` for what can be refused unread.
    private func checkHead(_ arrival: Door.Arrival) throws {
        let headers = arrival.head.headerFields
        guard arrival.head.method == .post else {
            throw Refusal(status: .methodNotAllowed, error: "Grants are registered with POST.")
        }
        if let origin = headers[.origin], !gateway.settings.consoleOrigins.contains(origin) {
            throw Refusal(status: .forbidden, error: "Pages of this origin may not register grants.")
        }
        // A form of any page could send another type without asking first.
        let type = headers[.contentType]?.lowercased().prefix { $0 != ";" && $0 != " " }
        guard type == "application/json" else {
            throw Refusal(status: .unsupportedMediaType, error: "The body must be JSON.")
        }
        if let length = headers[.contentLength].flatMap({ Int64($0) }), length > Self.longestBody {
            throw Self.tooLong
        }
    }

    private static var tooLong: Refusal { Refusal(status: .contentTooLarge, error: "No grant is that long.") }

    private static func body(_ arrival: Door.Arrival) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await part in arrival.body {
            guard bytes.count + part.readableBytes <= longestBody else { throw tooLong }
            bytes += part.readableBytesView
        }
        return bytes
    }

    /// When the grant ends by what its restrictions say: the credential need not outlive it.
    private static func end(of access: Access) throws -> Timestamp? {
        try AccessGrant(text: access.text).apiKey.caveats.compactMap { try Caveat(encoded: $0).notAfter }.min()
    }

    private func endpoint(_ arrival: Door.Arrival) -> String {
        if let url = gateway.settings.publicURL { return url }
        return "\(arrival.isSecure ? "https" : "http")://\(arrival.host)"
    }

    private static func refusal(_ error: UplinkError) -> Refusal {
        switch error.code {
        case .invalidAccess: Refusal(status: .badRequest, error: "That is no access grant.")
        case .permissionDenied: Refusal(status: .forbidden, error: "The satellite refuses the grant.")
        default: Refusal(status: .badGateway, error: "The satellite of the grant does not answer.")
        }
    }

    private static func refused(_ refusal: Refusal) -> S3Response {
        do { return try json(refusal, status: refusal.status) } catch {
            preconditionFailure("a text always encodes")
        }
    }

    private static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> S3Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bytes = ByteBuffer(bytes: try encoder.encode(value))
        // A secret is in it.
        return S3Response(
            status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"], body: .bytes(bytes))
    }
}
