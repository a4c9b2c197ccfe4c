import HTTPDoor
import HTTPTypes
package import HummingbirdCore
import Logging
package import NIOCore
import NIOHTTP1
import NIOSSL
import S3Protocol
import StorageModel
import Synchronization
import Uplink

/// Answers one HTTP request after the other: door, operation, and every failure in S3's words.
package final class Responder: Sendable {
    private let door: Door
    private let registration: RegistrationEndpoint
    private let isSecure: Bool
    private let running = Atomic<Int>(0)
    /// What this server calls itself to those who look into failures.
    let hostID: String

    package init(_ gateway: GatewayContext) {
        door = Door(gateway)
        registration = RegistrationEndpoint(gateway)
        isSecure = gateway.settings.certificateFile != nil
        hostID = Hexadecimal.encode(gateway.random.bytes(count: 16))
    }

    /// Answers a request; the connection stays open unless this throws.
    @concurrent package func respond(_ request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel) async throws {
        let id = Hexadecimal.encode(door.gateway.random.bytes(count: 8)).uppercased()
        let exchange = Exchange(request, id: id, hostID: hostID, at: door.gateway.clock.now())
        guard running.add(1, ordering: .relaxed).newValue <= door.gateway.settings.maximumRequests else {
            running.subtract(1, ordering: .relaxed)
            return try await exchange.send(exchange.response(to: S3Error(.slowDown)), writer, isBodyUnread: true, channel)
        }
        defer { running.subtract(1, ordering: .relaxed) }
        let arrival = Door.Arrival(
            id: id, head: request.head, remoteAddress: channel.remoteAddress?.ipAddress ?? "", isSecure: isSecure,
            body: request.body)
        var isAdmitted = false
        var isBodyBroken = false
        var response: S3Response
        do {
            if let answer = try await door.preflight(arrival) {
                response = answer
            } else if registration.isMeant(by: arrival) {
                response = await registration.answer(arrival)
            } else if let website = Website(arrival, door) {
                response = try await website.answer()
            } else {
                let received = try await door.receive(arrival)
                // Who sends a form stands in its body; who is nobody has no buckets, and no project to ask for them.
                let answersItself =
                    received.operation == .postObject
                    || (received.operation == .listBuckets && received.caller.account == nil)
                let call =
                    answersItself ? nil : try await door.admit(received.request, received.operation, received.caller)
                isAdmitted = true
                if exchange.expectsContinue { try await writer.writeInformationalHead(HTTPResponse(status: .continue)) }
                response =
                    if let call {
                        try await run(call)
                    } else if received.operation == .postObject {
                        try await PostObject.run(received, door)
                    } else {
                        ListBuckets.nobodys()
                    }
            }
        } catch {
            try Task.checkCancellation()
            response = exchange.response(to: refusal(error, exchange))
            isBodyBroken = error is SlowClient || error is HTTPParserError
        }
        if arrival.head.method != .options { response.headers.append(contentsOf: await door.crossOriginHeaders(arrival)) }
        let isBodyUnread = isBodyBroken || (exchange.expectsContinue && !isAdmitted)
        try await exchange.send(response, writer, isBodyUnread: isBodyUnread, channel)
    }

    /// Runs an operation. Who may not know what is there is not told what is not.
    private func run(_ call: S3Call) async throws -> S3Response {
        do {
            return try await Dispatch.run(call)
        } catch {
            let refusal = (error as? S3Error) ?? (error as? UplinkError).map(S3Error.init)
            guard !call.mayLearnAbsence, refusal?.code == .noSuchKey || refusal?.code == .noSuchVersion else {
                throw error
            }
            throw S3Error(.accessDenied)
        }
    }

    /// What a client is told of an error; what nobody foresaw is logged and not told.
    private func refusal(_ error: any Error, _ exchange: Exchange) -> S3Error {
        if let error = error as? S3Error { return error }
        if let error = error as? UplinkError {
            let refusal = S3Error(error)
            if refusal.status.code >= 500 { log("a request failed at the network", error, exchange) }
            return refusal
        }
        switch error {
        case is OpenProjects.Busy: return S3Error(.slowDown)
        case is SlowClient: return S3Error(.requestTimeout)
        case is HTTPParserError, is ChannelError, is IOError: return S3Error(.incompleteBody)
        default:
            log("a request failed", error, exchange)
            return S3Error(.internalError)
        }
    }

    private func log(_ message: Logger.Message, _ error: any Error, _ exchange: Exchange) {
        door.gateway.logger.error(message, metadata: ["error": "\(error)", "request": "\(exchange.id)"])
    }
}
