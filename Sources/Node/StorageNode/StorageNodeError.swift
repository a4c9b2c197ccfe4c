/// Why a node cannot run.
package enum StorageNodeError: Error, Equatable, CustomStringConvertible {
    /// The allocated space is below the minimum.
    case tooLittleSpace(allocated: Int64, minimum: Int64)

    package var description: String {
        switch self {
        case .tooLittleSpace(let allocated, let minimum):
            "allocated space of \(allocated) bytes is below the minimum of \(minimum); see storage.allocated and storage.minimum"
        }
    }
}
