import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import StorageModel
import Synchronization

/// Answers UDP on 127.0.0.1 as it is told, and remembers what it was asked.
final class UDPResponder: Sendable {
    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = AddressedEnvelope<ByteBuffer>
        typealias OutboundOut = AddressedEnvelope<ByteBuffer>
        let answer: @Sendable ([UInt8]) -> [UInt8]?

        init(_ answer: @escaping @Sendable ([UInt8]) -> [UInt8]?) { self.answer = answer }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let envelope = unwrapInboundIn(data)
            guard let answer = answer(Array(envelope.data.readableBytesView)) else { return }
            context.writeAndFlush(
                wrapOutboundOut(AddressedEnvelope(remoteAddress: envelope.remoteAddress, data: ByteBuffer(bytes: answer))), promise: nil)
        }
    }

    private final class Notes: Sendable {
        let asked = Mutex<[[UInt8]]>([])
    }

    private let channel: any Channel
    private let notes: Notes

    init(_ answer: @escaping @Sendable ([UInt8]) -> [UInt8]?) async throws {
        let notes = Notes()
        self.notes = notes
        channel = try await DatagramBootstrap(group: .singletonMultiThreadedEventLoopGroup).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(
                    Handler { question in
                        notes.asked.withLock { $0.append(question) }
                        return answer(question)
                    })
            }
        }.bind(host: "127.0.0.1", port: 0).get()
    }

    var address: SocketAddress { channel.localAddress! }
    var port: Int { address.port! }
    var questions: [[UInt8]] { notes.asked.withLock { $0 } }
    func close() async throws { try await channel.close() }
}

/// A router that speaks UPnP on 127.0.0.1: a description, and a service that maps ports.
struct UPnPRouter: Sendable {
    static let outside = "203.0.113.7"

    /// What the service was asked: the action and the body.
    final class Requests: Sendable {
        private let requests = Mutex<[(action: String, body: String)]>([])

        func add(_ action: String, _ body: String) { requests.withLock { $0.append((action, body)) } }
        var all: [(action: String, body: String)] { requests.withLock { $0 } }
    }

    let search: SocketAddress
    let requests: Requests

    /// Runs a router for the time of `body`.
    ///
    /// - Parameter fault: the code that a request is refused with; nil for one that is done.
    static func with(
        fault: @escaping @Sendable (_ action: String, _ body: String) -> Int? = { _, _ in nil },
        outside: String = UPnPRouter.outside, _ body: (UPnPRouter) async throws -> Void
    ) async throws {
        let requests = Requests()
        let router = Router()
        router.get("root.xml") { _, _ in
            """
            <root><device><serviceList><service><serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType>
            <controlURL>/control</controlURL></service></serviceList></device></root>
            """
        }
        router.post("control") { request, _ -> Response in
            let text = String(buffer: try await request.body.collect(upTo: 65536))
            let header = request.headers[HTTPField.Name("soapaction")!] ?? ""
            let action = header.split(separator: "#").last.map { String($0).replacing("\"", with: "") } ?? ""
            requests.add(action, text)
            let code = fault(action, text)
            let inner =
                code.map { "<s:Fault><detail><UPnPError><errorCode>\($0)</errorCode><errorDescription>No</errorDescription></UPnPError></detail></s:Fault>" }
                ?? "<u:\(action)Response xmlns:u='x'><NewExternalIPAddress>\(outside)</NewExternalIPAddress></u:\(action)Response>"
            return Response(
                status: code == nil ? .ok : .internalServerError,
                body: .init(byteBuffer: ByteBuffer(string: "<s:Envelope xmlns:s='e'><s:Body>\(inner)</s:Body></s:Envelope>")))
        }
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        var quiet = Logger(label: "router")
        quiet.logLevel = .critical
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { continuation.yield($0.localAddress?.port ?? 0) }, logger: quiet)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            var iterator = ports.makeAsyncIterator()
            let port = await iterator.next() ?? 0
            let responder = try await UDPResponder { _ in
                Array(
                    "HTTP/1.1 200 OK\r\nST: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\nLOCATION: http://127.0.0.1:\(port)/root.xml\r\n\r\n".utf8)
            }
            try await body(UPnPRouter(search: responder.address, requests: requests))
            try await responder.close()
            group.cancelAll()
            while await group.nextResult() != nil {}
        }
    }
}
