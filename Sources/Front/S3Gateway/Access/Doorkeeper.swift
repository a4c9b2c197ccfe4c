package import GatewayRecords
import S3Protocol
package import Uplink

/// Decides who is let in, by the bucket's owner, policy, access control lists and public-access block.
///
/// The owner is let in unless a policy denies it. Anybody else is let in by a policy that allows it, or by a list; a
/// policy that denies it wins over all. Nobody but the owner reaches a bucket whose owner left no grant.
///
/// - Source: Amazon S3 user guide, "How Amazon S3 authorizes a request".
package struct Doorkeeper: Sendable {
    package let directory: BucketDirectory
    let natives: NativeBuckets
    let projects: ProjectSource

    package init(directory: BucketDirectory, natives: NativeBuckets, projects: ProjectSource) {
        self.directory = directory
        self.natives = natives
        self.projects = projects
    }

    /// Lets a caller in or refuses.
    ///
    /// - Throws: `NoSuchBucket`, `AccessDenied`.
    package func admit(_ question: AccessQuestion) async throws -> Admission {
        let place = try await place(of: question.bucket, for: question.caller)
        try checkExpectedOwner(question, place)
        let properties = try await directory.properties(of: place)
        let isOwner = question.caller.account?.id == place.owner
        guard let access = OperationAccess(question.operation) else {
            return Admission(place: place, isOwner: isOwner, mayLearnAbsence: isOwner, properties: properties)
        }
        let judge = AccessJudge(
            question: question, access: access, place: place, isOwner: isOwner, properties: properties,
            projects: projects)
        guard try await judge.allows() else { throw Self.denied }
        let mayLearnAbsence = isOwner || access.subject != .object || judge.mayList(question.key ?? "")
        return Admission(place: place, isOwner: isOwner, mayLearnAbsence: mayLearnAbsence, properties: properties)
    }

    /// The bucket of a name as a caller sees it: his own first, then the one that was made here under that name.
    ///
    /// - Throws: `NoSuchBucket` when nobody is known to have it and the caller cannot.
    package func place(of bucket: String, for caller: Caller) async throws -> BucketPlace {
        let recorded = try await directory.owner(of: bucket)?.owner
        guard let account = caller.account?.id else {
            guard let recorded else { throw S3Error(.noSuchBucket) }
            return BucketPlace(owner: recorded, bucket: bucket)
        }
        guard let recorded, recorded != account else { return BucketPlace(owner: account, bucket: bucket) }
        let isNative = try await natives.hasBucket(bucket, of: caller, projects)
        return BucketPlace(owner: isNative ? account : recorded, bucket: bucket)
    }

    /// The open project of a bucket to which a caller was admitted.
    ///
    /// - Throws: `AccessDenied`, `UplinkError`.
    package func project(for admission: Admission, _ caller: Caller) async throws -> Project {
        admission.isOwner ? try await projects.own(caller) : try await projects.delegated(admission.place)
    }

    private func checkExpectedOwner(_ question: AccessQuestion, _ place: BucketPlace) throws {
        guard let expected = question.request.header("x-amz-expected-bucket-owner") else { return }
        guard expected == place.owner else { throw Self.denied }
    }

    static let denied = S3Error(.accessDenied)
}
