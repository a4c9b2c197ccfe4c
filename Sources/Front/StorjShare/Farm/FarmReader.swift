import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import StorageModel
import Synchronization

/// What the nodes of a farm said of themselves, at most two seconds ago: many browsers may look.
final class FarmDesk: Sendable {
    private static let lifetime = Duration.seconds(2)

    private let reader: FarmReader
    private let clock: WallClock
    private let last = Mutex<(at: Timestamp, answers: [FarmReader.Line])?>(nil)

    init(members: [FarmMember], clock: WallClock) {
        reader = FarmReader(members: members)
        self.clock = clock
    }

    /// All answers, in the members' order.
    func answers() async -> [FarmReader.Line] {
        let now = clock.now()
        if let last = last.withLock({ $0 }), now.duration(since: last.at) < Self.lifetime { return last.answers }
        let answers = await reader.read()
        last.withLock { $0 = (now, answers) }
        return answers
    }
}

/// Asks the nodes of a farm how they are.
struct FarmReader: Sendable {
    /// How a node answered.
    enum Answer: Sendable {
        case line(FarmLine)
        case problem(String)
    }

    /// A node and what came of asking it.
    typealias Line = (member: FarmMember, answer: Answer)

    /// What a node may say at most, bytes.
    private static let maximumAnswer = 64 << 10
    /// How long one may take: the page waits for the slowest.
    private static let patience = TimeAmount.seconds(3)
    /// Nodes asked at the same time.
    private static let width = 32

    let members: [FarmMember]

    /// All answers, in the members' order.
    func read() async -> [Line] {
        let answers = await withTaskGroup(of: (Int, Answer).self) { group in
            var answers = [Answer?](repeating: nil, count: members.count)
            var next = 0
            for _ in 0..<min(Self.width, members.count) {
                group.addTask { [next] in (next, await ask(members[next])) }
                next += 1
            }
            while let (index, answer) = await group.next() {
                answers[index] = answer
                if next < members.count {
                    group.addTask { [next] in (next, await ask(members[next])) }
                    next += 1
                }
            }
            return answers
        }
        return zip(members, answers).map { ($0, $1 ?? .problem("it was not asked")) }
    }

    private func ask(_ member: FarmMember) async -> Answer {
        var request = HTTPClientRequest(url: member.url + "/api/farm")
        request.headers.add(name: "accept", value: "application/json")
        if !member.token.isEmpty { request.headers.add(name: "authorization", value: "Bearer \(member.token)") }
        do {
            let response = try await HTTPClient.shared.execute(request, timeout: Self.patience)
            guard response.status == .ok else {
                return .problem(
                    response.status == .unauthorized ? "its token is another one" : "it answers with status \(response.status.code)")
            }
            let bytes = try await response.body.collect(upTo: Self.maximumAnswer)
            return .line(try JSONDecoder().decode(FarmLine.self, from: Data(bytes.readableBytesView)))
        } catch is DecodingError {
            return .problem("what answers there is no StorjShare of this version")
        } catch {
            return .problem("it does not answer")
        }
    }
}
