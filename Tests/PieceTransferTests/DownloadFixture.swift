import DRPC
import ErasureCode
import Logging
import Orders
import PieceTransfer
import StorageModel
import Synchronization
import TestSupport
import WireMessages

/// A segment spread over scripted nodes, and a downloader that can reach them.
final class DownloadFixture: Sendable {
    let scheme: RedundancyScheme
    let stripes: [UInt8]
    let nodes: [ScriptedNode]
    let clock = TurnedClock()
    let book: NodeBook
    let network = InProcessNetwork()
    let pieceSize: Int64
    private let key: PieceKey
    private let moreCount = Mutex(0)

    /// A segment of so many stripes on all `totalShares` nodes.
    init(_ scheme: RedundancyScheme = .development, stripeCount: Int, seed: UInt64 = 1) {
        self.scheme = scheme
        let random = RandomSource.seeded(seed)
        stripes = random.bytes(count: stripeCount * scheme.stripeSize)
        pieceSize = Int64(stripeCount * scheme.shareSize)
        key = PieceKey.generate(random: random)
        book = NodeBook(clock: clock.transferClock)
        nodes = ErasureEncoder(scheme: scheme).encode(stripes).enumerated().map { number, piece in
            ScriptedNode(number: number, id: NodeID(random.bytes(count: 32)) ?? NodeID(), piece: piece)
        }
        for node in nodes { network.register(node.router, id: node.id, address: node.address) }
    }

    /// How often fresh limits were asked for.
    var moreCallCount: Int { moreCount.withLock { $0 } }

    /// Limits for these pieces, with a serial number of their own.
    func assignment(_ numbers: some Collection<Int>, round: UInt8 = 0) -> SegmentAssignment {
        var limits = [AddressedLimit?](repeating: nil, count: scheme.totalShares)
        let serial = SerialNumber([UInt8](repeating: round + 1, count: 16)) ?? SerialNumber()
        for number in numbers {
            let node = nodes[number]
            let limit = OrderLimit(
                serialNumber: serial, satelliteID: NodeID(), storageNodeID: node.id, pieceID: PieceID(),
                limit: pieceSize, action: .get, orderExpiration: nil, orderCreation: nil,
                uplinkPublicKey: key.publicKey)
            limits[number] = AddressedLimit(limit: limit, node: NodeURL(id: node.id, address: node.address))
        }
        return SegmentAssignment(scheme: scheme, limits: limits, privateKey: key)
    }

    /// The downloader under test.
    func downloader(dialer: (any RPCDialer)? = nil) -> PieceDownloader {
        PieceDownloader(
            dialer: dialer ?? network.dialer(as: nil), book: book, settings: TransferSettings(),
            clock: clock.transferClock, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Downloads a range of pieces from those offered.
    ///
    /// - Parameter later: the pieces offered when more are asked for; nil refuses.
    func download(
        offered: some Collection<Int>, later: [Int]? = nil, range: Range<Int64>? = nil,
        correction: Correction = .off, inspect: @Sendable (Int) throws -> Void = { _ in }
    ) async throws -> (bytes: [UInt8], report: DownloadReport) {
        var bytes: [UInt8] = []
        let report = try await downloader().download(
            assignment(offered), range: range ?? 0..<pieceSize, correction: correction,
            more: {
                let round = self.moreCount.withLock { count in
                    count += 1
                    return count
                }
                guard let later else { throw NoMore() }
                return self.assignment(later, round: UInt8(round))
            },
            deliver: { run in
                bytes += run
                try inspect(bytes.count)
            })
        return (bytes, report)
    }

    /// The stripes behind a range of the pieces.
    func stripes(_ range: Range<Int64>) -> [UInt8] {
        let required = scheme.requiredShares
        return Array(stripes[Int(range.lowerBound) * required..<Int(range.upperBound) * required])
    }

    /// Fails the test's assumptions when calls are still open.
    var openCallCount: Int { nodes.reduce(0) { $0 + $1.liveCount } }

    /// The satellite's refusal.
    struct NoMore: Error {}
}
