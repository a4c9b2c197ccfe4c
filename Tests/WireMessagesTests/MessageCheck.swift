import SwiftProtobuf
import Testing
import WireMessages

/// Holds a message type to recorded bytes.
struct MessageCheck {
    /// Reads, writes and reads again.
    let run: ([UInt8]) throws -> Void

    init<Message: GeneratedMessage & Hashable>(_ type: Message.Type) {
        run = { bytes in
            let message = try Message.parse(bytes)
            let written = try message.encoded()
            #expect(try Message.parse(written) == message)
            #expect(try fieldNumbers(written) == fieldNumbers(bytes))
            // Unknown fields would make the version that keeps them longer.
            let kept: [UInt8] = try Message(serializedBytes: bytes).serializedBytes()
            #expect(kept.count == written.count, "\(Message.self) has fields we do not know")
        }
    }

}

/// The sorted numbers of the fields that are neither zero nor empty.
private func fieldNumbers(_ bytes: [UInt8]) throws -> [UInt64] {
    var numbers: [UInt64] = []
    var index = 0
    func varint() throws -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            let byte = try #require(index < bytes.count ? bytes[index] : nil)
            index += 1
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { break }
        }
        return value
    }
    while index < bytes.count {
        let tag = try varint()
        let value = try varint()
        if tag & 7 == 2 { index += Int(value) }
        if value != 0 { numbers.append(tag >> 3) }
    }
    return Set(numbers).sorted()
}

/// A bytes field with its tag.
func encodedField(_ number: UInt64, _ bytes: [UInt8]) -> [UInt8] {
    var field: [UInt8] = []
    for var rest in [number << 3 | 2, UInt64(bytes.count)] {
        while rest >= 0x80 {
            field.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        field.append(UInt8(rest))
    }
    return field + bytes
}

/// The message types of the metainfo service's methods, by path.
struct MetainfoChecks {
    private(set) var request: [String: MessageCheck] = [:]
    private(set) var response: [String: MessageCheck] = [:]

    init() {
        add(MetainfoMethods.createBucket)
        add(MetainfoMethods.getBucket)
        add(MetainfoMethods.deleteBucket)
        add(MetainfoMethods.listBuckets)
        add(MetainfoMethods.getBucketLocation)
        add(MetainfoMethods.getBucketTagging)
        add(MetainfoMethods.setBucketTagging)
        add(MetainfoMethods.getBucketVersioning)
        add(MetainfoMethods.setBucketVersioning)
        add(MetainfoMethods.getBucketObjectLockConfiguration)
        add(MetainfoMethods.setBucketObjectLockConfiguration)
        add(MetainfoMethods.getBucketNotificationConfiguration)
        add(MetainfoMethods.setBucketNotificationConfiguration)
        addObjectMethods()
        addSegmentMethods()
        add(MetainfoMethods.batch)
        add(MetainfoMethods.compressedBatch)
        add(MetainfoMethods.projectInfo)
        add(MetainfoMethods.revokeAPIKey)
        add(MetainfoMethods.accountLicenses)
    }

    private mutating func addObjectMethods() {
        add(MetainfoMethods.beginObject)
        add(MetainfoMethods.commitObject)
        add(MetainfoMethods.getObject)
        add(MetainfoMethods.listObjects)
        add(MetainfoMethods.beginDeleteObject)
        add(MetainfoMethods.finishDeleteObject)
        add(MetainfoMethods.deleteObjects)
        add(MetainfoMethods.getObjectIPs)
        add(MetainfoMethods.listPendingObjectStreams)
        add(MetainfoMethods.downloadObject)
        add(MetainfoMethods.getPendingObjectMetadata)
        add(MetainfoMethods.updateObjectMetadata)
        add(MetainfoMethods.getObjectRetention)
        add(MetainfoMethods.setObjectRetention)
        add(MetainfoMethods.getObjectLegalHold)
        add(MetainfoMethods.setObjectLegalHold)
        add(MetainfoMethods.beginMoveObject)
        add(MetainfoMethods.finishMoveObject)
        add(MetainfoMethods.beginCopyObject)
        add(MetainfoMethods.finishCopyObject)
    }

    private mutating func addSegmentMethods() {
        add(MetainfoMethods.beginSegment)
        add(MetainfoMethods.retryBeginSegmentPieces)
        add(MetainfoMethods.commitSegment)
        add(MetainfoMethods.makeInlineSegment)
        add(MetainfoMethods.beginDeleteSegment)
        add(MetainfoMethods.finishDeleteSegment)
        add(MetainfoMethods.listSegments)
        add(MetainfoMethods.downloadSegment)
        add(MetainfoMethods.deletePart)
    }

    private mutating func add<Request: GeneratedMessage & Hashable, Response: GeneratedMessage & Hashable>(
        _ method: RPCMethod<Request, Response>
    ) {
        request[method.path] = MessageCheck(Request.self)
        response[method.path] = MessageCheck(Response.self)
    }
}
