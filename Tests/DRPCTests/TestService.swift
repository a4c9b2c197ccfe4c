import DRPC
import Identity
import NIOCore
import StorageModel
import WireMessages

/// A message that is its bytes.
struct Blob: WireMessage, Hashable {
    struct Unreadable: Error {}

    var bytes: ByteBuffer

    init(_ text: String) { bytes = ByteBuffer(string: text) }

    init(_ bytes: ByteBuffer) { self.bytes = bytes }

    /// `FAIL` is the one message that cannot be read.
    static func parse(_ buffer: ByteBuffer) throws -> Blob {
        if String(buffer: buffer) == "FAIL" { throw Unreadable() }
        return Blob(buffer)
    }

    func encode(into buffer: inout ByteBuffer) throws { buffer.writeImmutableBuffer(bytes) }

    var text: String { String(buffer: bytes) }
}

/// What tests tell handlers and handlers tell tests.
final class Signals: Sendable {
    private let continuation: AsyncStream<String>.Continuation
    private let stream: AsyncStream<String>
    private let opened = AsyncStream<Void>.makeStream()

    init() { (stream, continuation) = AsyncStream.makeStream() }

    /// Says something to whoever waits in `next`.
    func say(_ word: String) { continuation.yield(word) }

    /// Waits for the next word.
    func next() async -> String? {
        var iterator = stream.makeAsyncIterator()
        return await iterator.next()
    }

    /// Lets handlers in `passGate` through.
    func openGate() { opened.continuation.finish() }

    /// Waits for `openGate`.
    func passGate() async {
        for await _ in opened.stream {}
    }
}

/// The service of these tests.
enum TestMethods {
    /// Answers `re:` and the request.
    static let echo = RPCMethod<Blob, Blob>(path: "/svc.Svc/Echo")
    /// Answers who calls.
    static let who = RPCMethod<Blob, Blob>(path: "/svc.Svc/Who")
    /// Fails in the way the request names.
    static let fail = RPCMethod<Blob, Blob>(path: "/svc.Svc/Fail")
    /// Answers each message with itself.
    static let bidi = RPCMethod<Blob, Blob>(path: "/svc.Svc/Bidi")
    /// Answers `slow` never, and says when it is cancelled; everything else at once.
    static let slow = RPCMethod<Blob, Blob>(path: "/svc.Svc/Slow")
    /// Counts the bytes of all messages once the gate is open.
    static let up = RPCMethod<Blob, Blob>(path: "/svc.Svc/Up")
    /// Sends as many messages of 64 KiB as the request says.
    static let down = RPCMethod<Blob, Blob>(path: "/svc.Svc/Down")
    /// Returns without reading.
    static let ignore = RPCMethod<Blob, Blob>(path: "/svc.Svc/Ignore")
    static let unimplemented = RPCMethod<Blob, Blob>(path: "/svc.Svc/Unimplemented")
    static let unknown = RPCMethod<Blob, Blob>(path: "/svc.Svc/Nope")

    struct Unexpected: Error {}

    static func router(_ signals: Signals) -> RPCRouter {
        var router = RPCRouter()
        router.unary(echo) { request, _ in
            var reply = ByteBuffer(string: "re:")
            reply.writeImmutableBuffer(request.bytes)
            return Blob(reply)
        }
        router.unary(who) { _, context in
            let metadata = context.metadata.isEmpty ? "" : " \(context.metadata)"
            return Blob("\(context.peer?.id.description ?? "nobody") \(context.remoteHost)\(metadata)")
        }
        router.unary(fail) { request, _ in
            switch request.text {
            case "coded": throw RPCStatusError(.notFound, "bucket not found: foo")
            case "empty": throw RPCStatusError(.unknown, "")
            default: throw Unexpected()
            }
        }
        router.stream(bidi) { stream, _ in
            while let message = try await stream.receive() { try await stream.send(message) }
        }
        router.unary(slow) { request, _ in
            guard request.text == "slow" else { return request }
            signals.say("started")
            do {
                try await Task.sleep(for: .seconds(3600))
            } catch {
                signals.say("cancelled")
                throw error
            }
            return request
        }
        router.stream(up) { stream, _ in
            signals.say("started")
            await signals.passGate()
            var total = 0
            while let message = try await stream.receive() { total += message.bytes.readableBytes }
            try await stream.send(Blob("\(total)"))
        }
        router.stream(down) { stream, _ in
            let count = Int(try await stream.receive()?.text ?? "") ?? 0
            let chunk = Blob(ByteBuffer(repeating: 7, count: 64 << 10))
            do {
                for _ in 0..<count { try await stream.send(chunk) }
                signals.say("sent")
            } catch {
                signals.say("stopped")
                throw error
            }
        }
        router.stream(ignore) { _, _ in }
        router.unimplemented(path: unimplemented.path)
        return router
    }
}
