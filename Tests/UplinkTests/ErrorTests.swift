import AccessGrants
import DRPC
import Encryption
import Foundation
import Identity
import Macaroons
import SatelliteTesting
import StorageModel
import Synchronization
import TestSupport
import Testing
import Uplink
import WireMessages

@Suite struct ErrorTests {
    /// What a refusal of one call means.
    struct Case: Sendable, CustomTestStringConvertible {
        let call: Call
        let status: RPCStatusError
        let code: UplinkError.Code

        init(_ call: Call, _ code: RPCStatusCode, _ message: String, _ expected: UplinkError.Code) {
            self.call = call
            status = RPCStatusError(code, message)
            self.code = expected
        }

        var testDescription: String { "\(call) \(status) \(code)" }
    }

    enum Call: Sendable {
        case create, stat, delete, list, object, deleteObject, deleteObjects, copy, move, metadata, lock, placement
        case revoke, versioning

        func run(_ project: Uplink.Project) async throws {
            switch self {
            case .create: try await project.createBucket("bucket")
            case .stat: _ = try await project.bucket("bucket")
            case .delete: try await project.deleteBucket("bucket")
            case .list: _ = try await project.objects(bucket: "bucket").keys()
            case .object: _ = try await project.object(bucket: "bucket", key: "key")
            case .deleteObject: try await project.deleteObject(bucket: "bucket", key: "key")
            case .deleteObjects: _ = try await project.deleteObjects(bucket: "bucket", [.init(key: "key")])
            case .copy:
                try await project.copyObject(bucket: "bucket", key: "key", newBucket: "bucket", newKey: "new")
            case .move:
                try await project.moveObject(bucket: "bucket", key: "key", newBucket: "bucket", newKey: "new")
            case .metadata: try await project.updateMetadata(bucket: "bucket", key: "key", metadata: [:])
            case .lock: _ = try await project.setLegalHold(true, bucket: "bucket", key: "key")
            case .placement: _ = try await project.placement(bucket: "bucket", key: "key")
            case .revoke: try await project.revoke(ErrorTests.access())
            case .versioning: try await project.setVersioning(false, ofBucket: "bucket")
            }
        }
    }

    static func access() throws -> Access {
        let key = try #require(EncryptionKey([UInt8](repeating: 1, count: 32)))
        let id = try #require(NodeID([UInt8](repeating: 5, count: 31) + [0]))
        return try Access(
            AccessGrant(
                satelliteAddress: "\(id)@s:1", apiKey: APIKey(head: [1], secret: [2]), rootKey: key
            ).text)
    }

    static let cases: [Case] = [
        Case(.create, .alreadyExists, "bucket already exists", .bucketAlreadyExists),
        Case(.create, .invalidArgument, "bucket name must be longer", .bucketNameInvalid),
        Case(.create, .resourceExhausted, "number of allocated buckets (100) exceeded", .limitExceeded),
        Case(.stat, .notFound, "whatever", .bucketNotFound),
        Case(.delete, .notFound, "bucket not found: bucket", .bucketNotFound),
        Case(.delete, .failedPrecondition, "bucket not empty", .bucketNotEmpty),
        Case(.list, .notFound, "bucket not found: bucket", .bucketNotFound),
        Case(.list, .bucketNotFound, "The specified bucket was not found", .bucketNotFound),
        Case(.list, .notFound, "whatever", .satelliteError),
        Case(.object, .notFound, "object not found: metabase: sql: no rows in result set", .objectNotFound),
        Case(.object, .notFound, "whatever", .objectNotFound),
        Case(.object, .notFound, "bucket not found: bucket", .bucketNotFound),
        Case(.object, .methodNotAllowed, "method not allowed", .objectNotFound),
        Case(.object, .permissionDenied, "Unauthorized API credentials", .permissionDenied),
        Case(.object, .unauthenticated, "no peer", .permissionDenied),
        Case(.object, .invalidArgument, "Invalid API credentials", .invalidAccess),
        Case(.object, .invalidArgument, "key length is too big, got 4001, maximum allowed is 4000", .objectKeyInvalid),
        Case(.object, .invalidArgument, "something", .invalidArgument),
        Case(.object, .resourceExhausted, "Too Many Requests", .tooManyRequests),
        Case(.object, .resourceExhausted, "metainfo: Exceeded Usage Limit", .limitExceeded),
        Case(.copy, .resourceExhausted, "Exceeded Storage Limit", .limitExceeded),
        Case(.copy, .resourceExhausted, "Exceeded Segments Limit", .limitExceeded),
        Case(.copy, .notFound, "object not found: no such object", .objectNotFound),
        Case(.copy, .permissionDenied, "no permissions to delete existing object", .permissionDenied),
        Case(.copy, .failedPrecondition, "metabase: failed precondition: object already exists", .objectAlreadyExists),
        Case(.copy, .invalidArgument, "copying object to bucket with different placement policy", .invalidArgument),
        Case(.move, .notFound, "object not found: no such object", .objectNotFound),
        Case(.move, .objectLockObjectProtected, "object is protected", .objectLocked),
        Case(.deleteObject, .objectLockObjectProtected, "object is protected", .objectLocked),
        Case(.deleteObject, .permissionDenied, "Unauthorized API credentials", .permissionDenied),
        Case(.deleteObjects, .bucketNotFound, "The specified bucket was not found", .bucketNotFound),
        Case(.deleteObjects, .deleteObjectsTooManyItems, "too many", .invalidArgument),
        Case(.metadata, .notFound, "whatever", .objectNotFound),
        Case(.lock, .objectLockBucketRetentionConfigurationMissing, "not enabled", .invalidArgument),
        Case(.lock, .objectLockInvalidObjectState, "expires", .invalidArgument),
        Case(.lock, .objectLockEndpointsDisabled, "disabled", .unsupported),
        Case(.lock, .objectLockDisabledForProject, "disabled", .unsupported),
        Case(.lock, .notFound, "object not found: x", .objectNotFound),
        Case(.placement, .unimplemented, "Unimplemented", .unsupported),
        Case(.revoke, .permissionDenied, "Unauthorized attempt to revoke macaroon", .permissionDenied),
        Case(.versioning, .failedPrecondition, "bucket operation conflict", .invalidArgument),
        Case(.versioning, .objectLockInvalidBucketState, "bucket has Object Lock enabled", .invalidArgument),
        Case(.list, .internal, "internal error", .satelliteError),
        Case(.list, .unavailable, "", .satelliteError),
        Case(.list, .unknown, "proto: wrong", .satelliteError),
        Case(.list, RPCStatusCode(rawValue: 987_654_321), "new", .satelliteError),
        Case(.object, .objectKeyMissing, "", .objectKeyInvalid),
        Case(.object, .objectKeyTooLong, "", .objectKeyInvalid),
        Case(.stat, .bucketNameInvalid, "", .bucketNameInvalid),
        Case(.object, .objectVersionInvalid, "bad version", .invalidArgument),
        Case(.object, .streamIDInvalid, "bad stream", .uploadNotFound),
    ]

    @Test(arguments: cases)
    func `every refusal becomes an error that says what it is about`(_ example: Case) async throws {
        var configuration = Configuration()
        configuration.passphraseCheck = .off
        let satellite = ScriptedSatellite([.refusal(example.status)])
        do {
            try await example.call.run(try satellite.project(nil, configuration))
            // Deleting what is not there is no error, but none of the cases does.
            Issue.record("the refusal went unnoticed")
        } catch let error as UplinkError {
            #expect(error.code == example.code)
            #expect(!error.message.isEmpty && !error.message.hasSuffix(".") && !error.advice.hasSuffix("."))
            if ![.revoke].contains(example.call), error.code != .invalidAccess {
                #expect(error.message.contains("bucket"))
            }
        }
    }

    @Test(arguments: [
        (
            CallSubject.Operation.uploadPart, RPCStatusCode.notFound, "pending object missing",
            UplinkError.Code.uploadNotFound
        ),
        (.commitUpload, .notFound, "object not found: no such upload", .uploadNotFound),
        (.abortUpload, .notFound, "object not found: no such upload", .uploadNotFound),
        (.listParts, .notFound, "whatever", .uploadNotFound),
        (.commitObject, .notFound, "pending object missing", .uploadNotFound),
        (.beginObject, .notFound, "bucket not found: bucket", .bucketNotFound),
        (.beginObject, .notFound, "pending object missing", .uploadNotFound),
        (.beginUpload, .notFound, "bucket not found: bucket", .bucketNotFound),
        (.beginSegment, .failedPrecondition, "whatever", .notEnoughNodes),
        (.beginObject, .failedPrecondition, "not enough nodes: 3 of 4", .notEnoughNodes),
        (
            .commitObject, .failedPrecondition, "metabase: failed precondition: object already exists",
            .objectAlreadyExists
        ),
        (.commitUpload, .failedPrecondition, "size of part number 1 is below minimum threshold", .invalidArgument),
        (.commitObject, .permissionDenied, "no permissions to delete existing object", .permissionDenied),
        (.commitObject, .resourceExhausted, "Too Many Requests", .tooManyRequests),
        (.beginObject, .resourceExhausted, "Exceeded Storage Limit", .limitExceeded),
        (.beginObject, .objectLockUploadWithTTL, "cannot specify Object Lock settings", .invalidArgument),
        (.downloadObject, .notFound, "whatever", .objectNotFound),
        (.downloadSegment, .notFound, "segment not found", .objectNotFound),
        (.downloadObject, .internal, "unable to create order limits", .notEnoughNodes),
        (.downloadObject, .methodNotAllowed, "method not allowed", .objectNotFound),
    ])
    func `refusals of transfers mean what the Go client makes of them`(
        _ operation: CallSubject.Operation, _ code: RPCStatusCode, _ message: String, _ expected: UplinkError.Code
    ) {
        let error = UplinkError(
            RPCStatusError(code, message), about: CallSubject(operation, bucket: "bucket", key: "key"))
        #expect(error.code == expected && error.message.contains("bucket"))
    }

    @Test(arguments: CallSubject.Operation.allCases)
    func `every operation can be named`(_ operation: CallSubject.Operation) {
        for status in [RPCStatusCode.permissionDenied, .internal, .resourceExhausted] {
            let error = UplinkError(
                RPCStatusError(status, ""), about: CallSubject(operation, bucket: "bucket", key: "key"))
            #expect(error.message.count > 20 && !error.message.contains("  "))
        }
    }

    /// A network on which dialling and calling fail as told.
    private final class BrokenNetwork: RPCDialer, RPCConnection {
        let dialErrors: Mutex<[RPCError]>
        let callError: RPCError
        let calls = Mutex(0)
        let pauses = Mutex<[Duration]>([])
        var peer: Identity.PeerIdentity? { nil }

        init(dial: [RPCError], call: RPCError) {
            dialErrors = Mutex(dial)
            callError = call
        }

        func connect(to node: NodeURL) async throws -> any RPCConnection {
            calls.withLock { $0 += 1 }
            if let error = dialErrors.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { throw error }
            return self
        }

        func withStream<Request: WireMessage, Response: WireMessage, Result>(
            _ method: RPCMethod<Request, Response>,
            _ body: (RPCClientStream<Request, Response>) async throws -> Result
        ) async throws -> Result { throw callError }

        func project(attempts: Int = 6) throws -> Uplink.Project {
            let key = try #require(EncryptionKey([UInt8](repeating: 1, count: 32)))
            let id = try #require(NodeID([UInt8](repeating: 5, count: 31) + [0]))
            var configuration = Configuration()
            configuration.connectAttempts = attempts
            return try Uplink.Project(
                grant: AccessGrant(
                    satelliteAddress: "\(id)@s:1", apiKey: APIKey(head: [1], secret: [2]), rootKey: key),
                configuration: configuration, connections: ClientConnections(dialer: self), random: .seeded(1),
                clock: TestClock().wallClock, pause: { pause in self.pauses.withLock { $0.append(pause) } })
        }
    }

    @Test func `an unreachable satellite is dialled six times with growing pauses`() async throws {
        let refused = RPCError.dialFailed(address: "s:1", reason: "connection refused")
        let network = BrokenNetwork(dial: Array(repeating: refused, count: 10), call: .connectionLost)
        #expect(await code { _ = try await network.project().bucket("bucket") } == .satelliteUnreachable)
        #expect(network.calls.withLock { $0 } == 6)
        #expect(network.pauses.withLock { $0 } == [100, 200, 400, 800, 1600].map { .milliseconds($0) })
    }

    @Test(arguments: [
        ("NIOConnectionError(...(errno: 111)): Connection refused", "nobody listens there"),
        ("SocketAddressError.unknown(host: \"nowhere\", port: 1)", "its name is not known"),
        ("something new", "something new"),
    ])
    func `why a satellite cannot be reached is said in plain words`(_ reason: String, _ words: String) async throws {
        let network = BrokenNetwork(
            dial: Array(repeating: .dialFailed(address: "s:1", reason: reason), count: 6), call: .connectionLost)
        do {
            _ = try await network.project().bucket("bucket")
        } catch let error as UplinkError {
            #expect(error.message == "cannot reach the satellite at s:1: \(words)")
        }
    }

    @Test func `a satellite that falls silent is given up, and not asked again`() async throws {
        var configuration = Configuration()
        configuration.answerTimeout = .zero
        let satellite = ScriptedSatellite([.silence, .silence])
        let project = try satellite.project(nil, configuration)
        #expect(await code { _ = try await project.bucket("bucket") } == .satelliteUnreachable)
        #expect(await code { try await project.createBucket("bucket") } == .satelliteUnreachable)
        #expect(satellite.questions.count <= 2)
    }

    @Test func `a lost answer is asked for again only when nothing was changed`() async throws {
        let reading = BrokenNetwork(dial: [], call: .connectionLost)
        #expect(await code { _ = try await reading.project().bucket("bucket") } == .satelliteUnreachable)
        #expect(reading.calls.withLock { $0 } == 6)
        let writing = BrokenNetwork(dial: [], call: .connectionLost)
        do {
            try await writing.project().createBucket("bucket")
        } catch let error as UplinkError {
            #expect(error.code == .satelliteUnreachable && error.advice.contains("not known"))
        }
        #expect(writing.calls.withLock { $0 } == 1)
    }

    @Test(arguments: [
        (RPCError.dialTimedOut(address: "s:1"), UplinkError.Code.satelliteUnreachable),
        (.wrongNodeID(expected: NodeID(), actual: NodeID()), .satelliteUnreachable),
        (.nodeIDMissing, .invalidAccess), (.malformedAddress("x"), .invalidAccess),
        (.dialerClosed, .invalidArgument), (.messageTooLarge(5), .satelliteError), (.noAnswer, .satelliteUnreachable),
    ])
    func `failures that trying again does not help are told at once`(
        _ error: RPCError, _ expected: UplinkError.Code
    ) async throws {
        let network = BrokenNetwork(dial: [error], call: error)
        #expect(await code { try await network.project().createBucket("bucket") } == expected)
        #expect(network.calls.withLock { $0 } == 1)
    }

    @Test(arguments: ["", "host:1", "x@host:1", "host"])
    func `a grant without a satellite is refused`(_ address: String) throws {
        let key = try #require(EncryptionKey([UInt8](repeating: 1, count: 32)))
        let network = BrokenNetwork(dial: [], call: .connectionLost)
        guard
            let grant = try? AccessGrant(
                satelliteAddress: address, apiKey: APIKey(head: [1], secret: [2]), rootKey: key)
        else { return }
        #expect(throws: UplinkError.self) {
            try Uplink.Project(
                grant: grant, configuration: Configuration(), connections: ClientConnections(dialer: network),
                random: .seeded(1), clock: TestClock().wallClock, pause: { _ in })
        }
    }
}
