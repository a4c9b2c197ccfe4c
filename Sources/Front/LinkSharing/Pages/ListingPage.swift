import S3Protocol
import StorageModel
import Uplink

/// What lies under a prefix, a page of it, by name.
///
/// The satellite lists encrypted names in their own order, so only what is on one page is sorted.
struct ListingPage {
    let link: SharedLink
    let reach: LinkReach
    let items: [ListItem]
    let hasMore: Bool

    var html: String {
        let sorted = items.sorted { left, right in
            (left.object == nil) == (right.object == nil) ? left.key < right.key : left.object == nil
        }
        return PageFrame(
            title: link.key.isEmpty ? link.bucket : link.key,
            content: """
                \(Breadcrumbs(link: link, reach: reach).html)
                <h1>\(link.key.isEmpty ? link.bucket : name(link.key))</h1>
                <table><tr><th>Name</th><th class="number">Size</th><th class="number">Changed</th></tr>
                \(HTMLText(sorted.map(row)))
                </table>
                \(more)
                """
        ).html
    }

    private func row(_ item: ListItem) -> HTMLText {
        let path = link.with(.page, key: item.key).path
        guard let object = item.object else {
            return "<tr><td><a href=\"\(path)\">\(name(item.key))/</a></td><td></td><td></td></tr>\n"
        }
        let linked = LinkedObject(object)
        return """
            <tr><td><a href="\(path)">\(name(item.key))</a></td>\
            <td class="number">\(SizeWords.text(object.size))</td>\
            <td class="number">\(String(S3Date.iso8601(linked.modified).prefix(10)))</td></tr>

            """
    }

    private var more: HTMLText {
        guard hasMore, let last = items.last?.key else { return "" }
        let path = "\(link.with(.page, key: link.key).path)?list&after=\(LinkText.encode(last))"
        return "<p><a class=\"button\" href=\"\(path)\">More</a></p>"
    }

    private func name(_ key: String) -> String {
        let inner = key.hasPrefix(link.key) && key != link.key ? String(key.dropFirst(link.key.count)) : key
        return inner.hasSuffix("/") ? String(inner.dropLast()) : inner
    }
}

/// The buckets that a link reaches.
struct BucketsPage {
    let link: SharedLink
    let names: [String]

    var html: String {
        PageFrame(
            title: "Shared buckets",
            content: """
                <h1>Shared buckets</h1>
                <table>\(HTMLText(names.map(row)))</table>
                """
        ).html
    }

    private func row(_ name: String) -> HTMLText {
        "<tr><td><a href=\"\(link.with(.page, bucket: name, key: "").path)\">\(name)</a></td></tr>\n"
    }
}

/// The way up, as far as the link reaches.
struct Breadcrumbs {
    let link: SharedLink
    let reach: LinkReach

    var html: HTMLText {
        var parts = [part(link.bucket, "")]
        var key = ""
        for name in link.key.split(separator: "/").dropLast() {
            key += "\(name)/"
            parts.append(" / \(part(String(name), key))")
        }
        return "<nav>\(HTMLText(parts))</nav>"
    }

    private func part(_ name: String, _ key: String) -> HTMLText {
        guard reach.contains(key, in: link.bucket) else { return "\(name)" }
        return "<a href=\"\(link.with(.page, key: key).path)\">\(name)</a>"
    }
}

/// The places that a link's access opens.
struct LinkReach {
    private let prefixes: [SharePrefix]

    init(_ access: Access) {
        prefixes = access.inspection.prefixes
    }

    /// Whether what has this key or prefix is among them.
    func contains(_ key: String, in bucket: String) -> Bool {
        prefixes.isEmpty || prefixes.contains { $0.bucket == bucket && key.hasPrefix($0.prefix) }
    }
}
