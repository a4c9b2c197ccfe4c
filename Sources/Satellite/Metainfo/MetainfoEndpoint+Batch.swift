import Foundation
import WireMessages

extension MetainfoEndpoint {
    /// Runs several requests in one.
    func batch(_ request: Metainfo_BatchRequest) async throws -> Metainfo_BatchResponse {
        var response = Metainfo_BatchResponse()
        guard !request.requests.isEmpty else { return response }
        guard request.requests.count <= settings.maximumBatchCount else {
            throw Refusal.invalid("a batch has at most \(settings.maximumBatchCount) requests")
        }
        guard request.requests.count(where: Batch.isListing) <= settings.maximumBatchListings else {
            throw Refusal.invalid("a batch has at most \(settings.maximumBatchListings) listings")
        }
        let caller = try await authorizer.authenticate(request.hasHeader ? request.header : nil)
        var batch = Batch(endpoint: self, caller: caller)
        response.responses = try await batch.run(request.requests)
        return response
    }

    /// Runs a batch that may be compressed, and compresses the answer for clients that can read it.
    func compressedBatch(
        _ request: Metainfo_CompressedBatchRequest
    ) async throws -> Metainfo_CompressedBatchResponse {
        let inner = try batchRequest(in: request)
        let answer = try await batch(inner)
        var response = Metainfo_CompressedBatchResponse()
        guard !answer.responses.isEmpty else { return response }
        let bytes = try answer.encoded()
        if request.supported.contains(.zstd), bytes.count >= settings.compressionThreshold,
            let frame = Compression.compress(bytes, level: settings.compressionLevel), frame.count < bytes.count
        {
            response.selected = .zstd
            response.data = Data(frame)
        } else {
            response.data = Data(bytes)
        }
        return response
    }

    private func batchRequest(in request: Metainfo_CompressedBatchRequest) throws -> Metainfo_BatchRequest {
        let bytes: [UInt8]
        switch request.selected {
        case .none: bytes = Array(request.data)
        case .zstd:
            let unfolded = Compression.decompress(Array(request.data), maximum: settings.maximumBatchSize)
            guard let unfolded else { throw Refusal.undecodable("the compressed batch cannot be read") }
            bytes = unfolded
        default: throw Refusal.unknownCompression
        }
        return try Metainfo_BatchRequest.parse(bytes)
    }
}
