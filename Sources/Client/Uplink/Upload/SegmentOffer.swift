internal import Foundation
internal import Orders
internal import PieceTransfer
internal import StorageModel
internal import WireMessages

extension RedundancyScheme {
    /// The scheme of a message, as clients understand it: a count left out is all of them.
    ///
    /// - Throws: `TransferError.malformedOffer`.
    /// - Source: protocol document 2 §1.4.
    init(_ message: Metainfo_RedundancyScheme) throws(TransferError) {
        let total = Int(message.total)
        let repair = message.repairThreshold == 0 ? total : Int(message.repairThreshold)
        let optimal = message.successThreshold == 0 ? total : Int(message.successThreshold)
        let scheme = RedundancyScheme(
            required: Int(message.minReq), repair: repair, optimal: optimal, total: total,
            shareSize: Int(message.erasureShareSize))
        guard let scheme, message.type == .reedSolomon else {
            throw .malformedOffer("its redundancy scheme is impossible")
        }
        self = scheme
    }
}

extension SegmentAssignment {
    /// What a satellite offers for an upload.
    ///
    /// - Throws: `TransferError.malformedOffer`.
    /// - Source: protocol document 2 §2.3.7.
    init(_ answer: Metainfo_BeginSegmentResponse) throws(TransferError) {
        guard answer.hasRedundancyScheme else { throw .malformedOffer("it has no redundancy scheme") }
        let scheme = try RedundancyScheme(answer.redundancyScheme)
        let limits = try Self.limits(answer.addressedLimits, scheme)
        guard limits.count(where: { $0 != nil }) >= scheme.optimalShares else {
            throw .malformedOffer("it has fewer nodes than the upload needs")
        }
        self.init(scheme: scheme, limits: limits, privateKey: try Self.key(answer.privateKey))
    }

    /// What a satellite offers for a download.
    ///
    /// - Throws: `TransferError.malformedOffer`.
    init(_ answer: Metainfo_DownloadSegmentResponse) throws(TransferError) {
        guard answer.hasRedundancyScheme else { throw .malformedOffer("it has no redundancy scheme") }
        let scheme = try RedundancyScheme(answer.redundancyScheme)
        self.init(
            scheme: scheme, limits: try Self.limits(answer.addressedLimits, scheme),
            privateKey: try Self.key(answer.privateKey))
    }

    /// A complete list of limits: the index is the piece number.
    static func limits(
        _ list: [Metainfo_AddressedOrderLimit], _ scheme: RedundancyScheme
    ) throws(TransferError) -> [AddressedLimit?] {
        guard list.count == scheme.totalShares else {
            throw .malformedOffer("it has \(list.count) nodes for \(scheme.totalShares) pieces")
        }
        var limits: [AddressedLimit?] = []
        limits.reserveCapacity(list.count)
        for offered in list { limits.append(try AddressedLimit(offered)) }
        return limits
    }

    private static func key(_ bytes: Data) throws(TransferError) -> PieceKey {
        do { return try PieceKey(privateKey: Array(bytes)) } catch {
            throw .malformedOffer("its key cannot sign")
        }
    }
}
