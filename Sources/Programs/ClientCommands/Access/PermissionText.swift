import Foundation
import Uplink

/// What a grant allows, in words and as JSON.
struct PermissionText: Encodable, Equatable {
    let download: Bool
    let upload: Bool
    let list: Bool
    let delete: Bool
    let objectLock: [String]
    let notBefore: Date?
    let notAfter: Date?
    let maximumObjectLifetimeSeconds: Double?

    init(_ permission: Permission) {
        download = permission.allowsDownload
        upload = permission.allowsUpload
        list = permission.allowsList
        delete = permission.allowsDelete
        let locks: [(Bool, String)] = [
            (permission.allowsGetRetention, "get retention"), (permission.allowsPutRetention, "set retention"),
            (permission.allowsGetLegalHold, "get legal hold"), (permission.allowsPutLegalHold, "set legal hold"),
            (permission.allowsBypassGovernance, "bypass governance"),
            (permission.allowsGetBucketLock, "get bucket lock"),
            (permission.allowsPutBucketLock, "set bucket lock"),
        ]
        objectLock = locks.filter(\.0).map(\.1)
        notBefore = permission.notBefore
        notAfter = permission.notAfter
        maximumObjectLifetimeSeconds = permission.maximumObjectLifetime.map { $0 / .seconds(1) }
    }

    /// `download, list`; `nothing` for nothing.
    var allowed: String {
        let names = [(download, "download"), (upload, "upload"), (list, "list"), (delete, "delete")]
        let all = names.filter(\.0).map(\.1)
        return all.isEmpty ? "nothing" : all.joined(separator: ", ")
    }
}
