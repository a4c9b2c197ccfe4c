import S3Protocol
import Uplink

/// The page about one object: what it is, a look at it, and where its pieces are.
struct ObjectPage {
    let link: SharedLink
    let reach: LinkReach
    let object: LinkedObject

    var html: String {
        PageFrame(
            title: object.name,
            content: """
                \(Breadcrumbs(link: link, reach: reach).html)
                <h1>\(object.name)</h1>
                <p class="quiet">\(SizeWords.text(object.object.size)) · \(object.contentType) · \
                \(S3Date.http(object.modified))</p>
                <p><a class="button" href="\(link.path)?download">Download</a>
                <a href="\(raw)">Open as it is</a></p>
                \(preview)
                <h2>Where it is</h2>
                <p class="quiet">Encrypted, split and spread: each dot is a piece, any few of which bring it back.</p>
                <img class="map" src="\(link.path)?map" alt="Map of the pieces of this object">
                """
        ).html
    }

    private var raw: String { link.with(.raw, key: link.key).path }

    private var preview: HTMLText {
        switch object.contentType.split(separator: "/").first {
        case "image": "<img class=\"preview\" src=\"\(raw)\" alt=\"\(object.name)\">"
        case "video": "<video class=\"preview\" src=\"\(raw)\" controls preload=\"metadata\"></video>"
        case "audio": "<audio src=\"\(raw)\" controls preload=\"metadata\"></audio>"
        default: ""
        }
    }
}

/// Sizes for people.
enum SizeWords {
    private static let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]

    /// `17 bytes`, `1.5 MiB`.
    static func text(_ bytes: Int64) -> String {
        guard bytes >= 1024 else { return "\(bytes) \(bytes == 1 ? "byte" : "bytes")" }
        var tenths = Double(bytes) / 1024
        var unit = 0
        while tenths >= 1023.95, unit < units.count - 1 {
            tenths /= 1024
            unit += 1
        }
        let rounded = Int((tenths * 10).rounded())
        return "\(rounded / 10).\(rounded % 10) \(units[unit])"
    }
}
