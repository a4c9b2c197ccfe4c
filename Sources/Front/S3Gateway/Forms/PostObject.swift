import GatewayRecords
import HTTPTypes
import S3Protocol
import StorageModel
import Uplink

/// Stores the file of a form that a browser sends; the form's own fields say who lets it.
///
/// - Source: Amazon S3 API reference, "POST object" and "Authenticating requests in browser-based uploads using POST".
enum PostObject {
    /// - Parameter door: lets in whom the form names.
    static func run(_ received: Door.Received, _ door: Door) async throws -> S3Response {
        guard let bucket = received.request.target.bucket else { throw S3Error(.methodNotAllowed) }
        let stream = try FormStream(received.request)
        let form = try await stream.form()
        let key = try form.key
        let (caller, lengths) = try await authenticate(form, bucket: bucket, received.caller, door)
        let headers = try form.headers
        let request = received.request.with(key: key, headers: headers)
        let call = try await door.admit(request, .putObject, caller)
        stream.expect(
            try BodyCheck(try PayloadRule.anonymous([:]), headers: headers, contentLength: nil, computing: .md5),
            lengths: lengths)
        let stored = try await store(stream, form, headers, call)
        await call.stored(stored, .objectCreatedPost)
        return answer(stored, form, call)
    }

    /// Who lets the form in, and how many bytes its file may have.
    private static func authenticate(
        _ form: PostForm, bucket: String, _ sender: Caller, _ door: Door
    ) async throws -> (Caller, ClosedRange<Int64>) {
        let now = door.gateway.clock.now()
        guard let accessKeyID = try form.accessKeyID else {
            return (sender, try form.verify(secret: nil, bucket: bucket, at: now))
        }
        let credential = try await door.credential(accessKeyID)
        let lengths = try form.verify(secret: credential.secretKey, bucket: bucket, at: now)
        return (try await door.caller(of: credential), lengths)
    }

    private static func store(
        _ stream: FormStream, _ form: PostForm, _ headers: HTTPFields, _ call: S3Call
    ) async throws -> FoundObject {
        var facts = try ObjectFacts(headers)
        if facts.headers[.contentType] == nil { facts.headers[.contentType] = form.file.contentType }
        if let tagging = form["tagging"] {
            facts.tags = try TagSet(xml: Array(tagging.utf8), maximum: TagSet.maximumOfObject)
        }
        let write = try await ObjectWrite(call, bucket: call.bucket, key: call.key, headers: headers, facts: facts)
        return try await write.store(FormFile(stream: stream), size: nil, in: call) { facts in
            guard let known = stream.facts, let md5 = known.md5 else { throw S3Error(.incompleteBody) }
            facts.entityTag = EntityTag(md5: md5)
            facts.checksum = known.declared.flatMap(known.checksum)
        }
    }

    // MARK: Answers

    private static func answer(_ stored: FoundObject, _ form: PostForm, _ call: S3Call) -> S3Response {
        let bucket = stored.object.bucket
        let scheme = call.request.isSecure ? "https" : "http"
        let path = call.request.rawPath.hasSuffix("/") ? call.request.rawPath : call.request.rawPath + "/"
        let location = "\(scheme)://\(call.request.host)\(path)\(PercentCode.encode(stored.object.key, keepingSlashes: true))"
        var response = S3Response(status: .noContent, headers: [.eTag: stored.tag.quoted])
        if let redirect = form["success_action_redirect"] ?? form["redirect"], isWebAddress(redirect) {
            let mark = redirect.contains("?") ? "&" : "?"
            let items = [
                "bucket=\(PercentCode.encode(bucket))", "key=\(PercentCode.encode(stored.object.key))",
                "etag=\(PercentCode.encode(stored.tag.quoted))",
            ]
            response.status = .seeOther
            response.headers[.location] = redirect + mark + items.joined(separator: "&")
        } else {
            response.headers[.location] = location
            switch form["success_action_status"] {
            case "200": response.status = .ok
            case "201": response = document(stored, location, response.headers)
            default: break
            }
        }
        if let version = VersionName.text(of: stored.object) { response.headers[.versionID] = version }
        for field in stored.facts.encryptionHeaders { response.headers[field.name] = field.value }
        return response
    }

    private static func document(_ stored: FoundObject, _ location: String, _ headers: HTTPFields) -> S3Response {
        // Unlike all other documents this one is in no namespace.
        var writer = XMLWriter()
        writer.element("PostResponse") { writer in
            writer.text("Location", location)
            writer.text("Bucket", stored.object.bucket)
            writer.text("Key", stored.object.key)
            writer.text("ETag", stored.tag.quoted)
        }
        return .xml(writer.bytes, status: .created, headers: headers)
    }

    /// Browsers are sent to the web and nowhere else.
    private static func isWebAddress(_ text: String) -> Bool {
        let lower = text.lowercased()
        return (lower.hasPrefix("http://") || lower.hasPrefix("https://")) && HTTPField.isValidValue(text)
            && !text.contains(where: \.isNewline)
    }
}

extension S3Request {
    /// The put that a form amounts to.
    fileprivate func with(key: String, headers: HTTPFields) -> S3Request {
        S3Request(
            id: id, method: .put, target: S3Target(bucket: target.bucket, key: key, isVirtualHost: target.isVirtualHost), query: query, headers: headers, rawPath: rawPath,
            rawQuery: rawQuery, host: host, remoteAddress: remoteAddress, receivedAt: receivedAt, isSecure: isSecure,
            body: body)
    }
}
