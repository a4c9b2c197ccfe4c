import Encryption
import Foundation
import WireMessages

/// One listing on its way: asks for page after page and decrypts the keys.
///
/// A page of which nothing decrypts is not shown but counted. When nothing of a whole listing decrypts, the passphrase
/// is wrong: upstream shows an empty bucket then, and people believe their data lost.
struct ListWalk: Sendable {
    /// An item whose key decrypts.
    struct Item: Sendable {
        let message: Metainfo_ObjectListItem
        let key: String
        let contentKey: EncryptionKey
    }

    /// What a page brought.
    struct Page: Sendable {
        var items: [Item]
        var undecryptableCount: Int
        var cursor: ListCursor?
    }

    /// What every request of a listing asks.
    struct Query: Sendable {
        var request: Metainfo_ListObjectsRequest
        var subject: CallSubject
    }

    private let metainfo: MetainfoClient
    private let passphrase: PassphraseProbe
    private let settings: UplinkSettings
    private let place: ListPlace
    private let query: Query
    private var decryptor: ItemDecryptor
    private var cursor: ListCursor?
    private var isOver = false
    private var decryptedCount = 0
    private var pageCount = 0

    /// A listing.
    ///
    /// - Parameters:
    ///   - query: its prefix, header and cursor are filled in here.
    ///   - start: nil for the beginning.
    init(_ project: Project, _ place: ListPlace, _ query: Query, start: ListCursor?) {
        metainfo = project.metainfo
        passphrase = project.passphrase
        settings = project.settings
        self.place = place
        var query = query
        query.request.bucket = Data(place.bucket.utf8)
        query.request.encryptedPrefix = place.encryptedPrefix
        query.request.arbitraryPrefix = place.isArbitrary
        query.request.useObjectIncludes = true
        if !query.request.recursive { query.request.delimiter = Data("/".utf8) }
        self.query = query
        decryptor = ItemDecryptor(project.keys, place)
        cursor = start
    }

    /// Whether keys are in the clear.
    var isClear: Bool { place.cipher.isNull }

    /// The next page with something on it; nil after the last one.
    ///
    /// - Throws: `.wrongPassphrase`, and what the satellite refuses.
    mutating func next() async throws -> Page? {
        var undecryptable = 0
        while !isOver {
            var page = try await fetch()
            undecryptable += page.undecryptableCount
            page.undecryptableCount = undecryptable
            let isLast = page.cursor == nil
            try judge(page, isLast: isLast)
            if isLast, decryptedCount == 0, undecryptable == 0, !place.encryptedPrefix.isEmpty {
                // With other keys the prefix itself would be another one.
                try await passphrase.check(bucket: place.bucket, base: place.base)
            }
            if !page.items.isEmpty || isLast { return page }
        }
        return nil
    }

    private mutating func judge(_ page: Page, isLast: Bool) throws {
        decryptedCount += page.items.count
        if !page.items.isEmpty {
            if !isClear { passphrase.confirm(bucket: place.bucket, base: place.base) }
        } else if decryptedCount == 0, page.undecryptableCount > 0, isLast || pageCount >= settings.probePageCount {
            try passphrase.refute(bucket: place.bucket, base: place.base)
        }
    }

    private mutating func fetch() async throws -> Page {
        var request = query.request
        request.encryptedCursor = Data(cursor?.encryptedKey ?? [])
        if let version = cursor?.version, !version.isEmpty { request.versionCursor = Data(version) }
        let answer = try await metainfo.batched(request, query.subject)
        pageCount += 1
        var page = Page(items: [], undecryptableCount: 0, cursor: nil)
        page.items.reserveCapacity(answer.items.count)
        for message in answer.items {
            if let opened = decryptor.open(message.encryptedObjectKey) {
                page.items.append(Item(message: message, key: opened.key, contentKey: opened.contentKey))
            } else {
                page.undecryptableCount += 1
            }
        }
        if answer.more, let last = answer.items.last {
            let next = ListCursor(
                encryptedKey: Array(last.encryptedObjectKey), version: Array(last.objectVersion))
            // A cursor that stands still would make us ask for ever.
            if let cursor, cursor == next || next.encryptedKey.lexicographicallyPrecedes(cursor.encryptedKey) {
                throw UplinkError.badAnswer("the items are not in order", about: query.subject)
            }
            page.cursor = next
        }
        cursor = page.cursor
        isOver = page.cursor == nil
        return page
    }
}

extension PathCipher {
    /// Whether names are in the clear, so that reading one says nothing about the passphrase.
    var isNull: Bool { suite == .null }
}
