import DRPC
import Foundation
import Logging
import Macaroons
import StorageModel
import WireMessages

/// Asks a satellite about buckets, objects and segments on behalf of one API key.
///
/// An unreachable satellite is dialled several times; a call whose answer was lost is repeated only when it changes
/// nothing. No answer is ever asked for twice because of its status.
/// - Source: protocol document 1 §3.3, document 2 §2.1.
struct MetainfoClient: Sendable {
    /// Who is asked.
    let satellite: NodeURL
    private let header: Metainfo_RequestHeader
    private let dialer: any RPCDialer
    private let attempts: Int
    private let answerTimeout: Duration
    private let settings: UplinkSettings
    private let pause: @Sendable (Duration) async throws -> Void

    /// A client.
    ///
    /// - Parameter pause: waits between attempts.
    init(
        satellite: NodeURL, apiKey: APIKey, configuration: Configuration, settings: UplinkSettings,
        dialer: any RPCDialer, pause: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.satellite = satellite
        self.dialer = dialer
        self.settings = settings
        self.pause = pause
        attempts = max(1, configuration.connectAttempts)
        answerTimeout = configuration.answerTimeout
        var header = Metainfo_RequestHeader()
        header.apiKey = Data(apiKey.serialized)
        let agent = configuration.userAgent
        header.userAgent = Data((agent.isEmpty ? settings.product : "\(agent) \(settings.product)").utf8)
        self.header = header
    }

    /// Makes a call of its own.
    ///
    /// - Throws: `UplinkError`, `CancellationError`.
    func call<Request: MetainfoRequest, Response: WireMessage>(
        _ method: RPCMethod<Request, Response>, _ request: Request, _ subject: CallSubject
    ) async throws -> Response {
        var request = request
        request.header = header
        return try await repeating(method, request, subject)
    }

    /// Makes a call that the satellite refuses with a certain code when there is nothing to tell.
    ///
    /// - Returns: nil for that refusal.
    /// - Throws: `UplinkError`, `CancellationError`.
    func call<Request: MetainfoRequest, Response: WireMessage>(
        _ method: RPCMethod<Request, Response>, _ request: Request, _ subject: CallSubject,
        nothingOn code: RPCStatusCode
    ) async throws -> Response? {
        var request = request
        request.header = header
        do {
            return try await untranslated(method, request, subject)
        } catch let status as RPCStatusError where status.code == code {
            return nil
        } catch {
            throw UplinkError.of(error, about: subject, satellite: satellite)
        }
    }

    /// Makes a call that travels as a batch of one.
    ///
    /// - Throws: `UplinkError`, `CancellationError`.
    func batched<Request: BatchedRequest>(
        _ request: Request, _ subject: CallSubject
    ) async throws -> Request.Answer {
        try await batch([request], subject).answer(to: Request.self, at: 0)
    }

    /// Makes several calls in one, in order. The first that fails ends the batch; what those before it did stays.
    ///
    /// - Returns: as many answers as there are requests.
    /// - Throws: `UplinkError`, `CancellationError`.
    func batch(_ requests: [any BatchedRequest], _ subject: CallSubject) async throws -> BatchAnswers {
        var batch = Metainfo_BatchRequest()
        batch.header = header
        batch.requests = requests.map { request in
            var item = Metainfo_BatchRequestItem()
            item.request = request.item
            return item
        }
        var request = Metainfo_CompressedBatchRequest()
        if settings.acceptsCompression { request.supported = [.zstd] }
        do { request.data = Data(try batch.encoded()) } catch {
            throw UplinkError.of(error, about: subject, satellite: satellite)
        }
        let response = try await repeating(MetainfoMethods.compressedBatch, request, subject)
        let answers = try unfold(response, subject)
        guard answers.responses.count == requests.count else {
            throw UplinkError.badAnswer(
                "\(answers.responses.count) answers to \(requests.count) questions", about: subject)
        }
        return BatchAnswers(items: answers.responses, subject: subject)
    }

    private func unfold(
        _ response: Metainfo_CompressedBatchResponse, _ subject: CallSubject
    ) throws -> Metainfo_BatchResponse {
        let bytes: [UInt8]
        switch response.selected {
        case .none: bytes = Array(response.data)
        case .zstd:
            let unfolded = Compression.decompress(Array(response.data), maximum: settings.maximumAnswerSize)
            guard let unfolded else { throw UplinkError.badAnswer("it does not decompress", about: subject) }
            bytes = unfolded
        case .UNRECOGNIZED:
            throw UplinkError.badAnswer("it is compressed in an unknown way", about: subject)
        }
        do { return try Metainfo_BatchResponse.parse(bytes) } catch {
            throw UplinkError.badAnswer("it cannot be decoded", about: subject)
        }
    }

    private func repeating<Request: WireMessage, Response: WireMessage>(
        _ method: RPCMethod<Request, Response>, _ request: Request, _ subject: CallSubject
    ) async throws -> Response {
        do {
            return try await untranslated(method, request, subject)
        } catch {
            throw UplinkError.of(error, about: subject, satellite: satellite)
        }
    }

    /// The call, its errors as they come.
    private func untranslated<Request: WireMessage, Response: WireMessage>(
        _ method: RPCMethod<Request, Response>, _ request: Request, _ subject: CallSubject
    ) async throws -> Response {
        var wait = settings.firstPause
        var attempt = 1
        while true {
            do {
                let connection = try await dialer.connect(to: satellite)
                return try await answer(subject) { try await connection.call(method, request) }
            } catch {
                guard attempt < attempts, mayRepeat(after: error, subject) else { throw error }
            }
            try await pause(wait)
            wait = min(wait * 2, settings.longestPause)
            attempt += 1
        }
    }

    /// The answer to a call that was made, unless it takes too long.
    private func answer<Response: WireMessage>(
        _ subject: CallSubject, _ call: @escaping @Sendable () async throws -> Response
    ) async throws -> Response {
        let timeout = subject.operation == .deleteBucket ? answerTimeout * 10 : answerTimeout
        return try await withThrowingTaskGroup(of: Response?.self) { group in
            group.addTask { try await call() }
            group.addTask {
                try await Task.sleep(for: timeout)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let answer = first else {
                throw UplinkError.silent(satellite, about: subject)
            }
            return answer
        }
    }

    /// A call that never left can be made again; one that did only when it changes nothing.
    private func mayRepeat(after error: any Error, _ subject: CallSubject) -> Bool {
        switch error {
        case RPCError.dialFailed: true
        case RPCError.connectionLost: subject.isRead
        default: false
        }
    }
}

/// The answers to a batch.
struct BatchAnswers: Sendable {
    fileprivate let items: [Metainfo_BatchResponseItem]
    fileprivate let subject: CallSubject

    /// How many answers there are: as many as questions.
    var count: Int { items.count }

    /// The answer to the request at `index`, in `0..<count`.
    ///
    /// - Throws: `UplinkError` when the satellite answered something else.
    func answer<Request: BatchedRequest>(
        to request: Request.Type, at index: Int
    ) throws(UplinkError) -> Request.Answer {
        guard let response = items[index].response, let answer = Request.answer(in: response) else {
            throw .badAnswer("item \(index) answers another question", about: subject)
        }
        return answer
    }

    /// The answer to the last request.
    ///
    /// - Throws: `UplinkError` when the satellite answered something else.
    func last<Request: BatchedRequest>(to request: Request.Type) throws(UplinkError) -> Request.Answer {
        guard !items.isEmpty else { throw .badAnswer("it is empty", about: subject) }
        return try answer(to: request, at: items.count - 1)
    }
}
