/// One segment on its way to its nodes.
struct SegmentUpload {
    init(_ uploader: PieceUploader, _ segment: SegmentBuffer, _ assignment: SegmentAssignment) {}

    func run(exchange: @escaping @Sendable ([Int]) async throws -> SegmentAssignment) async throws -> [UploadedPiece] {
        throw TransferError.noProgress(failures: [])
    }
}
