import Foundation
import NIOCore
import Testing
import Uplink

/// The examples of the documentation, so that the compiler reads them too.
private enum Examples {
    static func access(_ text: String) throws {
        let access = try Access(text)
        _ = access
    }

    static func request(satellite: String, apiKey: String, passphrase: String) async throws {
        let access = try await Access.request(satellite: satellite, apiKey: apiKey, passphrase: passphrase)
        print(access.text)
    }

    static func open(_ access: Access) async throws {
        try await Project.with(access) { project in
            try await project.ensureBucket("photos")
        }
    }

    static func upload(_ project: Uplink.Project, jpeg: [UInt8]) async throws {
        let upload = try await project.upload(bucket: "photos", key: "2026/cat.jpg")
        try await upload.write(ByteBuffer(bytes: jpeg))
        let object = try await upload.commit()
        print(object.size)
    }

    static func uploadFile(_ project: Uplink.Project, path: String) async throws {
        try await project.upload(file: path, bucket: "photos", key: "2026/dog.jpg")
    }

    static func list(_ project: Uplink.Project) async throws {
        for try await item in project.objects(bucket: "photos", options: ListOptions(prefix: "2026/")) {
            print(item.key)
        }
    }

    static func download(_ project: Uplink.Project) async throws -> ByteBuffer {
        var received = ByteBuffer()
        let download = try await project.download(bucket: "photos", key: "2026/cat.jpg")
        for try await buffer in download {
            received.writeImmutableBuffer(buffer)
        }
        return received
    }

    static func fail(_ project: Uplink.Project, path: String) async throws {
        do {
            try await project.download(bucket: "photos", key: "none", toFile: path)
        } catch let error as UplinkError where error.code == .objectNotFound {
            print(error.message)
        }
    }

    static func progress(_ project: Uplink.Project, path: String) async throws {
        try await project.download(bucket: "photos", key: "2026/cat.jpg", toFile: path) { progress in
            print("\(progress.bytes) of \(progress.total ?? 0)")
        }
    }

    static func range(_ project: Uplink.Project) async throws {
        let options = DownloadOptions(range: .last(100))
        let tail = try await project.download(bucket: "logs", key: "today", options: options)
        _ = tail
    }

    static func resume(
        _ project: Uplink.Project, path: String, checkpoint: UploadCheckpoint?, note: URL
    ) async throws {
        let object = try await project.upload(
            file: path, bucket: "backups", key: "disk.img", checkpoint: checkpoint,
            save: { checkpoint in try JSONEncoder().encode(checkpoint).write(to: note) })
        _ = object
        let keeping = FileDownloadOptions(resumes: true)
        try await project.download(bucket: "backups", key: "disk.img", toFile: path, fileOptions: keeping)
    }

    static func parts(_ project: Uplink.Project, content: [UInt8]) async throws {
        let upload = try await project.beginUpload(bucket: "backups", key: "tape")
        let part = try await project.uploadPart(upload, number: 1)
        try await part.write(ByteBuffer(bytes: content))
        try await part.commit()
        try await project.commitUpload(upload, metadata: ["origin": "tape 7"])
    }

    static func share(_ access: Access, _ project: Uplink.Project, passphrase: String) async throws {
        let share = try access.shared(
            Permission(download: true, list: true, notAfter: .now.addingTimeInterval(86_400)),
            prefixes: [SharePrefix(bucket: "photos", prefix: "2026/")])
        print(share.text)
        let inspection = share.inspection
        print(inspection.prefixes, inspection.permission.allowsUpload)
        try await project.revoke(share)
        let key = try PrefixKey(passphrase: passphrase, salt: Array("user 42".utf8))
        let user = try access.overridingKey(key, bucket: "app", prefix: "user42/")
        _ = user
    }
}

@Suite struct ExampleTests {
    /// The folder of the package.
    private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    @Test(arguments: ["GettingStarted", "MovingContent", "SharingAccess"])
    func `every example of an article compiles`(_ article: String) throws {
        let url = Self.package.appending(path: "Sources/Client/Uplink/Uplink.docc/\(article).md")
        let blocks = try String(contentsOf: url, encoding: .utf8).components(separatedBy: "```swift\n").dropFirst()
            .map { Self.lines($0.components(separatedBy: "```")[0]) }
        #expect(!blocks.isEmpty)
        let source = Self.lines(try String(contentsOfFile: #filePath, encoding: .utf8))
        for block in blocks { #expect(source.contains(block), "not among the examples that compile:\n\(block)") }
    }

    @Test func `the examples work`() async throws {
        let bench = try await ContentBench()
        try await bench.project.ensureBucket("photos")
        try await bench.project.ensureBucket("backups")
        try await Examples.upload(bench.project, jpeg: pattern(10_000))
        #expect(try await Examples.download(bench.project) == ByteBuffer(bytes: pattern(10_000)))
        try await Examples.list(bench.project)
        try await Examples.parts(bench.project, content: pattern(10_000))
    }

    /// A text without the indentation of its lines.
    private static func lines(_ text: String) -> String {
        text.split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: "\n")
    }
}
