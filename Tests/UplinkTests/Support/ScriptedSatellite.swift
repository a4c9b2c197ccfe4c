import AccessGrants
import DRPC
import Encryption
import Foundation
import Macaroons
import SatelliteTesting
import StorageModel
import Synchronization
import TestSupport
import Uplink
import WireMessages

/// A satellite that says what it is told to, and remembers what it was asked.
final class ScriptedSatellite: Sendable {
    /// One answer.
    enum Answer: Sendable {
        case bytes([UInt8])
        case refusal(RPCStatusError)
        case silence
    }

    struct Question: Sendable {
        let path: String
        let bytes: [UInt8]
    }

    let network = InProcessNetwork()
    let id: NodeID
    let address: String
    private let script: Script

    init(
        _ answers: [Answer], id: NodeID = NodeID([UInt8](repeating: 5, count: 31) + [0]) ?? NodeID(),
        address: String = "s:1"
    ) {
        self.id = id
        self.address = address
        let script = Script(answers)
        self.script = script
        var router = RPCRouter()
        for path in MetainfoMethods.allPaths + HealthMethods.allPaths {
            router.unary(RPCMethod<RawMessage, RawMessage>(path: path)) { question, _ in
                try await script.answer(Question(path: path, bytes: question.bytes))
            }
        }
        network.register(router, id: id, address: address)
    }

    /// One answer to a batch of one.
    static func batch(_ response: Metainfo_BatchResponseItem.OneOf_Response) throws -> Answer {
        try batch([response])
    }

    /// Answers to a batch.
    static func batch(_ responses: [Metainfo_BatchResponseItem.OneOf_Response]) throws -> Answer {
        var batch = Metainfo_BatchResponse()
        batch.responses = responses.map { response in
            var item = Metainfo_BatchResponseItem()
            item.response = response
            return item
        }
        var answer = Metainfo_CompressedBatchResponse()
        answer.data = Data(try batch.encoded())
        return .bytes(try answer.encoded())
    }

    /// What was asked, in order.
    var questions: [Question] { script.asked.withLock { $0 } }

    /// The items of the batches that were asked, in order.
    var batchedQuestions: [Metainfo_BatchRequestItem] {
        get throws {
            try questions.filter { $0.path == MetainfoMethods.compressedBatch.path }.flatMap { question in
                let outer = try Metainfo_CompressedBatchRequest.parse(question.bytes)
                return try Metainfo_BatchRequest.parse(Array(outer.data)).requests
            }
        }
    }

    /// A project at this satellite.
    func project(
        _ grant: AccessGrant? = nil, _ configuration: Configuration = Configuration(),
        settings: UplinkSettings = UplinkSettings()
    ) throws -> Uplink.Project {
        try Uplink.Project(
            grant: try grant ?? self.grant, configuration: configuration, settings: settings,
            connections: ClientConnections(dialer: network.dialer(as: nil)), random: .seeded(7),
            clock: TestClock().wallClock, pause: { _ in })
    }

    private var grant: AccessGrant {
        get throws {
            guard let key = EncryptionKey([UInt8](repeating: 1, count: 32)) else {
                preconditionFailure("a key has 32 bytes")
            }
            return try AccessGrant(
                satelliteAddress: "\(id)@\(address)", apiKey: APIKey(head: [1, 2, 3], secret: [4]), rootKey: key)
        }
    }
}

/// What is still to be said, and what was asked.
private final class Script: Sendable {
    let answers: Mutex<[ScriptedSatellite.Answer]>
    let asked = Mutex<[ScriptedSatellite.Question]>([])

    init(_ answers: [ScriptedSatellite.Answer]) { self.answers = Mutex(answers) }

    func answer(_ question: ScriptedSatellite.Question) async throws -> RawMessage {
        asked.withLock { $0.append(question) }
        guard let answer = answers.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else {
            throw RPCStatusError(.internal, "the script is over")
        }
        switch answer {
        case .bytes(let bytes): return RawMessage(bytes)
        case .refusal(let error): throw error
        case .silence:
            // Ends when the caller gives up.
            try await Task.sleep(for: .seconds(3600))
            throw RPCStatusError(.internal, "nobody waits that long")
        }
    }
}
