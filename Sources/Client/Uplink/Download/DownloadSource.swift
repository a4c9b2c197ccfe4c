internal import Foundation
internal import NIOCore
internal import StorageModel
internal import WireMessages

/// An object that a satellite has described for a download: where its bytes are, and how to get the first.
struct DownloadSource: Sendable {
    /// What is known of the object.
    let object: Object
    /// Where the wanted bytes are.
    let plan: DownloadPlan
    /// Tells this content of the object from any other it had or will have.
    let identity: [UInt8]
    private let segments: SegmentFetch
    private let firstOffer: Metainfo_DownloadSegmentResponse?

    /// Asks the satellite for an object.
    ///
    /// - Throws: `UplinkError`, with `.wrongPassphrase` when there is no such object because keys do not fit.
    init(project: Project, bucket: String, key: String, options: DownloadOptions) async throws {
        let address = try project.keys.address(bucket: bucket, key: key)
        let answer = try await Self.ask(project, address, options)
        let bad: (String) -> UplinkError = { .badAnswer($0, about: address.subject(.downloadObject)) }
        guard answer.hasObject else { throw bad("it has no object") }
        object = try Object(answer.object, at: address, address.subject(.downloadObject))
        segments = try SegmentFetch(project: project, address: address, object: answer.object)
        firstOffer = answer.segmentDownload.first
        let range = try DownloadPlan.range(options.range, size: object.size)
        var items = answer.segmentList.items
        var places = try items.map { try SegmentPlace($0, problem: bad) }
        if let firstOffer { places.append(try SegmentPlace(firstOffer, problem: bad)) }
        var hasMore = answer.segmentList.more
        while hasMore, let last = items.last, try SegmentPlace(last, problem: bad).range.upperBound < range.upperBound {
            var request = Metainfo_ListSegmentsRequest()
            request.streamID = answer.object.streamID
            request.cursorPosition = last.position
            let page = try await project.metainfo.call(
                MetainfoMethods.listSegments, request, address.subject(.downloadObject))
            places += try page.items.map { try SegmentPlace($0, problem: bad) }
            items = page.items
            hasMore = page.more
        }
        plan =
            range.isEmpty
            ? DownloadPlan(nothingAt: range) : try DownloadPlan(range: range, segments: places, problem: bad)
        identity = Self.identity(of: answer)
    }

    private static func ask(
        _ project: Project, _ address: ObjectAddress, _ options: DownloadOptions
    ) async throws -> Metainfo_DownloadObjectResponse {
        var request = Metainfo_DownloadObjectRequest()
        request.bucket = address.bucketName
        request.encryptedObjectKey = address.encryptedKey
        if let version = options.version { request.objectVersion = Data(version.bytes) }
        switch options.range {
        case .all: break
        case .from(let start): request.range.start.plainStart = max(0, start)
        case .bytes(let bytes):
            request.range.startLimit.plainStart = max(0, bytes.lowerBound)
            request.range.startLimit.plainLimit = bytes.upperBound
        case .last(let count): request.range.suffix.plainSuffix = count
        }
        return try await project.notForeign(address) {
            try await project.metainfo.batched(request, address.subject(.downloadObject))
        }
    }

    /// Random keys of the object and its first segment, and what else the satellite keeps of it.
    private static func identity(of answer: Metainfo_DownloadObjectResponse) -> [UInt8] {
        let object = answer.object
        var identity = Data("\(object.plainSize) \(object.createdAt.seconds) \(object.createdAt.nanos) ".utf8)
        identity += object.objectVersion
        identity += object.encryptedMetadataEncryptedKey
        return Array(identity)
    }

    /// Brings what is wanted of one segment, in order.
    ///
    /// - Parameters:
    ///   - index: of `plan.places`.
    ///   - range: bytes of the object to bring instead of all that are wanted of the segment; not empty.
    func fetch(
        _ index: Int, range: Range<Int64>? = nil, runSize: Int, take: (ByteBuffer) async throws -> ByteBuffer
    ) async throws {
        let place = plan.places[index]
        let wanted = range ?? plan.range
        do {
            // The first offer may be cut to the range that was asked for.
            try await segments.fetch(
                place, wanted: place.part(of: wanted), offer: try offer(for: place), runSize: runSize, take: take)
        } catch {
            throw UplinkError.transfer(error, segments.address.subject(.downloadObject).attempt)
        }
    }

    private func offer(for place: SegmentPlace) throws -> Metainfo_DownloadSegmentResponse? {
        guard let firstOffer else { return nil }
        let offered = try SegmentPlace(firstOffer) {
            .badAnswer($0, about: segments.address.subject(.downloadObject))
        }
        return offered == place ? firstOffer : nil
    }
}

extension DownloadPlan {
    /// No bytes at all.
    init(nothingAt range: Range<Int64>) {
        self.range = range
        places = []
    }
}

extension SegmentPlace {
    /// The place of a listed segment.
    ///
    /// - Throws: `UplinkError` for numbers that cannot be.
    init(_ item: Metainfo_SegmentListItem, problem: (String) -> UplinkError) throws(UplinkError) {
        try self.init(item.position, offset: item.plainOffset, size: item.plainSize, problem: problem)
    }
}
