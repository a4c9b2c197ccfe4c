import Crypto
import HTTPTypes
import Hummingbird
import NIOCore
import StorageModel

/// The files browsers load beside pages, under addresses that change with the content and may be kept for ever.
///
/// A script names another as `"./name.js"`; it is served with the other's address in its place, so that a change of the
/// other changes its own address too.
struct AssetShelf: Sendable {
    static let prefix = "/assets/"

    private struct Asset: Sendable {
        let type: String
        let plain: ByteBuffer
        let gzip: ByteBuffer?
    }

    /// By file name without the digest.
    private let addresses: [String: String]
    /// By address.
    private let assets: [String: Asset]

    /// - Throws: `WebResourceError` for a file of an unknown kind, or a name that is there twice.
    init(_ resources: [WebResources]) throws {
        var addresses: [String: String] = [:]
        var assets: [String: Asset] = [:]
        let all = resources.flatMap(\.assets)
        let scripts = Dictionary(all.filter { $0.key.hasSuffix(".js") }.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
        var ordered: [(name: String, bytes: [UInt8])] = all.filter { !$0.key.hasSuffix(".js") }.map { ($0.key, $0.value) }
        for name in scripts.keys.sorted() { try Self.visit(name, scripts, path: [], into: &ordered) }
        for (name, bytes) in ordered {
            let bytes = name.hasSuffix(".js") ? Self.linked(bytes, addresses) : bytes
            guard let dot = name.lastIndex(of: "."), let type = Self.types[String(name[dot...].dropFirst())] else {
                throw WebResourceError(name, "is of no kind that browsers are given")
            }
            let digest = Hexadecimal.encode(Array(SHA256.hash(data: bytes).prefix(6)))
            let address = "\(Self.prefix)\(name[..<dot]).\(digest)\(name[dot...])"
            guard addresses.updateValue(address, forKey: name) == nil else {
                throw WebResourceError(name, "is there twice")
            }
            let gzip = type.isText && bytes.count >= Gzip.smallest ? Gzip.compress(bytes, level: 9) : nil
            assets[address] = Asset(
                type: type.name, plain: ByteBuffer(bytes: bytes), gzip: gzip.map { ByteBuffer(bytes: $0) })
        }
        self.addresses = addresses
        self.assets = assets
    }

    /// Puts a script behind those it names.
    private static func visit(
        _ name: String, _ scripts: [String: [UInt8]], path: [String], into ordered: inout [(name: String, bytes: [UInt8])]
    ) throws {
        guard !ordered.contains(where: { $0.name == name }) else { return }
        guard !path.contains(name) else { throw WebResourceError(name, "names itself by way of others") }
        guard let bytes = scripts[name] else {
            throw WebResourceError(path.last ?? name, "names the script \(name), which there is not")
        }
        for other in named(in: String(decoding: bytes, as: UTF8.self)) {
            try visit(other, scripts, path: path + [name], into: &ordered)
        }
        ordered.append((name, bytes))
    }

    /// The scripts that a script names.
    private static func named(in text: String) -> [String] {
        text.split(separator: "\"./").dropFirst().compactMap { rest in
            let name = rest.prefix { $0 != "\"" }
            return name.hasSuffix(".js") ? String(name) : nil
        }
    }

    private static func linked(_ bytes: [UInt8], _ addresses: [String: String]) -> [UInt8] {
        var text = String(decoding: bytes, as: UTF8.self)
        for name in named(in: text) {
            if let address = addresses[name] { text = text.replacing("\"./\(name)\"", with: "\"\(address)\"") }
        }
        return Array(text.utf8)
    }

    /// The address of a file, by its name.
    func address(of name: String) -> String? { addresses[name] }

    /// The file behind an address; nil when there is none.
    func response(path: String, acceptsGzip: Bool) -> Response? {
        guard let asset = assets[path] else { return nil }
        var headers: HTTPFields = [
            .contentType: asset.type, .cacheControl: "public, max-age=31536000, immutable", .vary: "accept-encoding",
        ]
        guard acceptsGzip, let gzip = asset.gzip else {
            return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: asset.plain))
        }
        headers[.contentEncoding] = "gzip"
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: gzip))
    }

    private static let types: [String: (name: String, isText: Bool)] = [
        "css": ("text/css; charset=utf-8", true), "js": ("text/javascript; charset=utf-8", true),
        "svg": ("image/svg+xml", true), "json": ("application/json", true), "png": ("image/png", false),
        "ico": ("image/x-icon", false), "webp": ("image/webp", false), "woff2": ("font/woff2", false),
        "wasm": ("application/wasm", true), "txt": ("text/plain; charset=utf-8", true),
    ]
}
