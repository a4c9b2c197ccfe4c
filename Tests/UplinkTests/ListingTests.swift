import AccessGrants
import Encryption
import SatelliteTesting
import StorageModel
import TestSupport
import Testing
import Uplink

@Suite struct ListingTests {
    private static let paths = ["a", "b/c", "b/d/e", "b/d/f", "b/", "/x", "g//h", "käse/ß", ".", "ümlaut"]

    private func bench(_ cipher: CipherSuite = .aesGCM) async throws -> TestBench {
        let bench = try await TestBench(cipher: cipher)
        try await bench.project().createBucket("bucket")
        for path in Self.paths { try await bench.put(path, metadata: ["path": path]) }
        return bench
    }

    @Test(arguments: [CipherSuite.aesGCM, .secretBox, .null], [1, 2, 3, 1000])
    func `every key is listed once, whatever the page size`(_ cipher: CipherSuite, _ pageSize: Int) async throws {
        let project = try await bench(cipher).project()
        var options = ListOptions(prefix: "", isRecursive: true)
        options.pageSize = pageSize
        #expect(try await project.objects(bucket: "bucket", options: options).keys() == Self.paths.sorted())
    }

    @Test(arguments: [CipherSuite.aesGCM, .null])
    func `what follows the next slash is folded`(_ cipher: CipherSuite) async throws {
        let project = try await bench(cipher).project()
        func keys(_ prefix: String, _ isRecursive: Bool = false) async throws -> [String] {
            try await project.objects(
                bucket: "bucket", options: ListOptions(prefix: prefix, isRecursive: isRecursive)
            ).keys()
        }
        #expect(try await keys("") == [".", "/", "a", "b/", "g/", "käse/", "ümlaut"].sorted())
        #expect(try await keys("b/") == ["b/", "b/c", "b/d/"])
        #expect(try await keys("b/d/") == ["b/d/e", "b/d/f"])
        #expect(try await keys("b/", true) == ["b/", "b/c", "b/d/e", "b/d/f"])
        #expect(try await keys("/") == ["/x"])
        #expect(try await keys("g/") == ["g//"])
        #expect(try await keys("g//") == ["g//h"])
        #expect(try await keys("none/") == [])
    }

    @Test(arguments: [CipherSuite.aesGCM, .null])
    func `the versions of one key are found, whatever slashes it has`(_ cipher: CipherSuite) async throws {
        let project = try await bench(cipher).project()
        for path in Self.paths {
            #expect(try await project.versions(bucket: "bucket", key: path).map(\.key) == [path])
        }
    }

    @Test func `prefixes and objects are told apart`() async throws {
        let project = try await bench().project()
        var prefixes: [String] = []
        for try await item in project.objects(bucket: "bucket") {
            if case .prefix(let prefix) = item { prefixes.append(prefix) }
            if let object = item.object { #expect(object.size == 7 && object.createdAt != nil && object.isLatest) }
        }
        #expect(prefixes.sorted() == ["/", "b/", "g/", "käse/"])
    }

    @Test(arguments: [CipherSuite.aesGCM, .null])
    func `custom metadata is decrypted when asked for`(_ cipher: CipherSuite) async throws {
        let project = try await bench(cipher).project()
        var options = ListOptions(prefix: "b/", isRecursive: true)
        for try await item in project.objects(bucket: "bucket", options: options) {
            #expect(item.object?.metadata == [:])
        }
        options.includesCustomMetadata = true
        options.includesSystemMetadata = false
        var count = 0
        for try await item in project.objects(bucket: "bucket", options: options) {
            #expect(item.object?.metadata == ["path": item.key])
            #expect(item.object?.createdAt == nil)
            count += 1
        }
        #expect(count == 4)
    }

    @Test func `a listing resumes after a key or where a page ended`() async throws {
        let project = try await bench().project()
        var options = ListOptions(prefix: "", isRecursive: true)
        var all: [String] = []
        for try await item in project.objects(bucket: "bucket", options: options) { all.append(item.key) }
        for (index, key) in all.enumerated() {
            options.after = key
            var rest: [String] = []
            for try await item in project.objects(bucket: "bucket", options: options) { rest.append(item.key) }
            #expect(rest == Array(all[(index + 1)...]))
        }
        options.after = ""
        options.pageSize = 3
        var pages = project.objects(bucket: "bucket", options: options).pages.makeAsyncIterator()
        let first = try #require(try await pages.next())
        options.cursor = first.cursor
        #expect(first.items.count == 3 && first.cursor != nil)
        #expect(try await project.objects(bucket: "bucket", options: options).keys() == all[3...].sorted())
    }

    @Test func `a folded listing resumes behind a prefix`() async throws {
        let project = try await bench().project()
        var all: [String] = []
        for try await item in project.objects(bucket: "bucket") { all.append(item.key) }
        for (index, key) in all.enumerated() {
            var options = ListOptions()
            options.after = key
            var rest: [String] = []
            for try await item in project.objects(bucket: "bucket", options: options) { rest.append(item.key) }
            #expect(rest == Array(all[(index + 1)...]))
        }
    }

    @Test func `only keys in the clear can be listed within a name`() async throws {
        let clear = try await bench(.null).project()
        let options = ListOptions(prefix: "b/d", isRecursive: true)
        #expect(try await clear.objects(bucket: "bucket", options: options).keys() == ["b/d/e", "b/d/f"])
        let encrypted = try await bench().project()
        #expect(
            await code { _ = try await encrypted.objects(bucket: "bucket", options: options).keys() }
                == .invalidArgument)
    }

    @Test func `a shared prefix lists what is below it and nothing else`() async throws {
        let bench = try await bench()
        let grant = try bench.grant.shared(
            .full, prefixes: [.init(bucket: Array("bucket".utf8), prefix: .init("b/d/"))], random: .seeded(1))
        let project = try bench.project(grant)
        let below = ListOptions(prefix: "b/d/")
        #expect(try await project.objects(bucket: "bucket", options: below).keys() == ["b/d/e", "b/d/f"])
        #expect(await code { _ = try await project.objects(bucket: "bucket").keys() } == .permissionDenied)
        let beside = ListOptions(prefix: "g/")
        #expect(
            await code { _ = try await project.objects(bucket: "bucket", options: beside).keys() }
                == .permissionDenied)
    }

    @Test func `versions and delete markers are listed when asked for`() async throws {
        let bench = try await TestBench()
        let project = try bench.project()
        try await project.createBucket("bucket")
        try await project.setVersioning(true, ofBucket: "bucket")
        try await bench.put("a", content: "1")
        try await bench.put("a", content: "22")
        try await bench.put("b", content: "333")
        let marker = try await project.deleteObject(bucket: "bucket", key: "b")
        #expect(marker?.isDeleteMarker == true && marker?.version != nil)
        #expect(try await project.objects(bucket: "bucket").keys() == ["a"])
        for pageSize in [1, 1000] {
            var options = ListOptions(prefix: "", isRecursive: true)
            options.allVersions = true
            options.pageSize = pageSize
            var versions: [Object] = []
            for try await item in project.objects(bucket: "bucket", options: options) {
                versions.append(try #require(item.object))
            }
            #expect(Set(versions.compactMap(\.version)).count == 4)
            #expect(versions.filter { $0.key == "a" }.map(\.size) == [2, 1])
            #expect(versions.filter { $0.key == "a" }.map(\.isLatest) == [true, false])
            #expect(versions.filter(\.isDeleteMarker).map(\.version) == [marker?.version])
        }
    }

    @Test func `pending uploads are found by prefix and by key`() async throws {
        let bench = try await TestBench()
        let project = try bench.project()
        try await project.createBucket("bucket")
        var ids: [String] = []
        for path in ["a", "b/c", "b/c", "b/d"] {
            ids.append(Base58Check.encode(version: 1, payload: try await bench.beginUpload(path)))
        }
        func found(_ options: PendingUploadOptions) async throws -> [PendingUpload] {
            var uploads: [PendingUpload] = []
            for try await upload in project.pendingUploads(bucket: "bucket", options: options) {
                uploads.append(upload)
            }
            return uploads
        }
        var options = PendingUploadOptions()
        #expect(Set(try await found(options).map(\.id)) == Set(ids))
        options.isRecursive = false
        #expect(try await found(options).filter(\.isPrefix).map(\.key) == ["b/"])
        options.prefix = "b/"
        #expect(try await found(options).map(\.key).sorted() == ["b/c", "b/c", "b/d"])
        options.key = "b/c"
        #expect(Set(try await found(options).map(\.id)) == Set(ids[1...2]))
        options.key = "none"
        #expect(try await found(options).isEmpty)
        #expect(try await project.objects(bucket: "bucket").keys() == [])
    }

    @Test func `encrypted keys can be shown, and used as they are shown`() async throws {
        let bench = try await bench()
        var configuration = Configuration()
        configuration.showsEncryptedKeys = true
        let project = try bench.project(nil, configuration)
        let keys = try await project.objects(
            bucket: "bucket", options: ListOptions(prefix: "", isRecursive: true)
        ).keys()
        #expect(keys.count == Self.paths.count && Set(keys).isDisjoint(with: Self.paths))
        func parent(_ key: String) -> String { String(key[...(key.lastIndex(of: "/") ?? key.startIndex)]) }
        let deep = keys.filter { $0.split(separator: "/").count == 3 }
        let folder = try #require(deep.first { key in deep.count { parent($0) == parent(key) } == 2 })
        let prefix = parent(folder)
        let below = try await project.objects(bucket: "bucket", options: ListOptions(prefix: prefix)).keys()
        #expect(below.count == 2 && below.contains(folder))
        let found = try await project.object(bucket: "bucket", key: folder)
        #expect(found.key == folder && Self.paths.contains(found.metadata["path"] ?? ""))
        #expect(try await project.deleteObject(bucket: "bucket", key: folder) != nil)
        #expect(await code { _ = try await project.object(bucket: "bucket", key: "no base64") } == .objectKeyInvalid)
    }

    @Test func `a missing bucket is an error`() async throws {
        let project = try await TestBench().project()
        #expect(await code { _ = try await project.objects(bucket: "none").keys() } == .bucketNotFound)
        #expect(await code { _ = try await project.objects(bucket: "").keys() } == .bucketNameInvalid)
    }
}
