import ClientCommands
import Foundation
import Testing
import Uplink

@Suite struct ListingFormatsTests {
    private let created = CommandRunner.now

    private func object(_ key: String, size: Int64 = 1536, marker: Bool = false) -> ListItem {
        .object(Object(bucket: "b", key: key, isDeleteMarker: marker, createdAt: created, size: size))
    }

    private func lines(_ items: [ListItem], limit: Int? = nil, json: Bool = false) throws -> [String] {
        let output = CommandOutput.inMemory()
        var printer = ListPrinter(output, isJSON: json, format: ListFormat(timeZone: .gmt), limit: limit)
        for item in items { try printer.add(ListRow(item, bucket: "b", below: "a/", shown: nil)) }
        try printer.finish()
        return output.text.split(separator: "\n").map(String.init)
    }

    @Test func `people see names below the folder, sorted, with human sizes`() throws {
        #expect(
            try lines([object("a/z"), .prefix("a/folder/"), object("a/bad\u{1B}"), object("a/gone", marker: true)]) == [
                "KIND  CREATED                    SIZE  KEY",
                "OBJ   2026-11-22 12:00:00     1.5 KiB  bad\\u{1b}",
                "PRE                                    folder/",
                "DEL   2026-11-22 12:00:00              gone",
                "OBJ   2026-11-22 12:00:00     1.5 KiB  z",
            ])
    }

    @Test func `programs see whole keys in the order in which they come`() throws {
        #expect(
            try lines([object("a/z"), .prefix("a/folder/")], json: true) == [
                #"{"bucket":"b","created_at":"2026-11-22T12:00:00.000Z","is_delete_marker":false,"is_latest":true,"#
                    + #""key":"a/z","kind":"object","size":1536}"#,
                #"{"bucket":"b","key":"a/folder/","kind":"prefix"}"#,
            ])
    }

    @Test func `a limit counts lines, and a long list is not held back for sorting`() throws {
        #expect(try lines([object("a/2"), object("a/1"), object("a/3")], limit: 2).count == 3)
        let many = (0..<10_050).map { object("a/\(20_000 - $0)") }
        let printed = try lines(many)
        #expect(printed.count == many.count + 1)
        #expect(printed[1].hasSuffix("20000"))
    }

    @Test func `an empty list prints nothing`() throws {
        #expect(try lines([]).isEmpty)
    }

    @Test func `buckets have a list of their own form`() throws {
        let output = CommandOutput.inMemory()
        var printer = ListPrinter(output, isJSON: false, format: ListFormat(timeZone: .gmt), limit: nil)
        try printer.add(ListRow(Bucket(name: "photos", createdAt: created)))
        try printer.finish()
        #expect(output.text == "CREATED              NAME\n2026-11-22 12:00:00  photos\n")
    }

    @Test func `sums go to every folder down to the depth, and to the total`() {
        var usage = UsageTree(root: RemotePath(bucket: "b", key: "a/"), depth: 2)
        usage.add(RemotePath(bucket: "b", key: "a/x"), bytes: 1)
        usage.add(RemotePath(bucket: "b", key: "a/c/x"), bytes: 2)
        usage.add(RemotePath(bucket: "b", key: "a/c/d/e/x"), bytes: 4)
        #expect(
            usage.rows == [
                .init(place: "sj://b/a/c/", bytes: 6, objects: 2), .init(place: "sj://b/a/c/d/", bytes: 4, objects: 1),
                .init(place: "sj://b/a/", bytes: 7, objects: 3),
            ])
    }

    @Test func `sums of a bucket and of a project begin below them`() {
        var bucket = UsageTree(root: RemotePath(bucket: "b"), depth: 1)
        bucket.add(RemotePath(bucket: "b", key: "a/c/x"), bytes: 2)
        bucket.add(RemotePath(bucket: "b", key: "y"), bytes: 1)
        #expect(bucket.rows.map(\.place) == ["sj://b/a/", "sj://b"])
        var project = UsageTree(root: RemotePath(bucket: ""), depth: 1)
        project.add(bucket: RemotePath(bucket: "empty"))
        project.add(RemotePath(bucket: "b", key: "a/x"), bytes: 2)
        #expect(project.rows.map(\.place) == ["sj://b/", "sj://empty/", "sj://"])
        #expect(project.rows.map(\.objects) == [1, 0, 1])
    }

    @Test func `sizes that a satellite makes up do not overflow a sum`() {
        var usage = UsageTree(root: RemotePath(bucket: "b"), depth: 0)
        usage.add(RemotePath(bucket: "b", key: "x"), bytes: .max)
        usage.add(RemotePath(bucket: "b", key: "y"), bytes: .max)
        usage.add(RemotePath(bucket: "b", key: "z"), bytes: -5)
        #expect(usage.rows == [.init(place: "sj://b", bytes: .max, objects: 3)])
    }

    @Test func `a tree is drawn with branches`() throws {
        let output = CommandOutput.inMemory()
        var drawing = TreeDrawing(output: output, isJSON: false)
        let root = RemotePath(bucket: "b")
        try drawing.root(root)
        try drawing.entry(root.appending("a/"), name: "a/", size: nil, isLast: false)
        drawing.enter(isLast: false)
        try drawing.entry(root.appending("a/x"), name: "x", size: 1536, isLast: true)
        drawing.leave()
        try drawing.entry(root.appending("y"), name: "y\u{1B}", size: 1, isLast: true)
        try drawing.finish()
        #expect(
            output.text == """
                sj://b
                ├── a/
                │   └── x  [1.5 KiB]
                └── y\\u{1b}  [1 B]

                1 folder, 2 objects, 1.5 KiB

                """)
    }

    @Test func `a listing of a partial name walks the folder in which it lies`() {
        #expect(PrefixListing(RemotePath(bucket: "b", key: "a/b/ph"), isRecursive: true).folder == "a/b/")
        #expect(PrefixListing(RemotePath(bucket: "b", key: "ph"), isRecursive: true).folder == "")
        #expect(PrefixListing(RemotePath(bucket: "b", key: "a/"), isRecursive: true).folder == "a/")
    }
}
