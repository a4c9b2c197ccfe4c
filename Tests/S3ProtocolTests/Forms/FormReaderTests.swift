import NIOCore
import S3Protocol
import Testing

@Suite struct FormReaderTests {
    private static let boundary = "----Boundary7MA4"
    private static let type = "multipart/form-data; boundary=\(boundary)"

    private func form(_ fields: [(String, String)], file: String?, fileName: String = "a.txt") -> String {
        var text = ""
        for (name, value) in fields {
            text += "--\(Self.boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        if let file {
            text += "--\(Self.boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(fileName)\"\r\n"
            text += "Content-Type: text/plain\r\n\r\n\(file)\r\n"
        }
        return text + "--\(Self.boundary)--\r\n"
    }

    /// Reads a form in pieces of `size` bytes.
    private func read(_ text: String, size: Int = .max, type: String = type) throws(S3Error) -> (FormReader, String) {
        var reader = try FormReader(contentType: type)
        var file = ""
        var rest = ByteBuffer(string: text)
        while let piece = rest.readSlice(length: min(size, rest.readableBytes)), piece.readableBytes > 0 {
            file += String(buffer: try reader.receive(piece))
        }
        try reader.finish()
        return (reader, file)
    }

    private func code(_ text: String, type: String = type) -> S3ErrorCode? {
        do throws(S3Error) {
            _ = try read(text, type: type)
            return nil
        } catch {
            return error.code
        }
    }

    @Test func `fields and file come out at any division of the bytes`() throws {
        let content = "first line\r\n--\r\n--\(Self.boundary.dropLast())\r\nlast line\r\n"
        let text = form([("kEy", "dir/${filename}"), ("Content-Type", ""), ("x-amz-meta-ü", "ä\r\nb")], file: content)
        for size in [1, 2, 3, 7, 50, 10_000] {
            let (reader, file) = try read(text, size: size)
            #expect(file == content)
            #expect(reader.fields.map(\.name) == ["key", "content-type", "x-amz-meta-ü"])
            #expect(reader.fields.map(\.value) == ["dir/${filename}", "", "ä\r\nb"])
            #expect(reader.file?.name == "a.txt" && reader.file?.contentType == "text/plain")
            #expect(reader.isEnded)
        }
    }

    @Test func `a boundary may be quoted, and a file's name comes without folders`() throws {
        let text = form([], file: "x", fileName: "C:\\my files\\b;c.txt")
        let (reader, file) = try read(text, type: "multipart/form-data; charset=utf-8; boundary=\"\(Self.boundary)\"")
        #expect(file == "x")
        #expect(reader.file?.name == "b;c.txt")
    }

    @Test func `a form without a file, without a name or without an end is refused`() {
        #expect(code(form([("key", "k")], file: nil)) == .invalidArgument)
        #expect(code(String(form([("key", "k")], file: "content").dropLast(30))) == .malformedPOSTRequest)
        #expect(code("") == .malformedPOSTRequest)
        #expect(code("no form at all") == .malformedPOSTRequest)
        #expect(code("--\(Self.boundary)\r\nContent-Type: text/plain\r\n\r\nx\r\n--\(Self.boundary)--") == .malformedPOSTRequest)
        #expect(code(form([], file: "x"), type: "multipart/form-data") == .malformedPOSTRequest)
    }

    @Test func `fields that are too large are refused, whatever is large in them`() {
        let large = String(repeating: "x", count: FormReader.longestFields + 1)
        #expect(code(form([("key", large)], file: "x")) == .maxPostPreDataLengthExceededError)
        #expect(code(large) == .maxPostPreDataLengthExceededError)
        #expect(code(form([(large, "k")], file: "x")) == .maxPostPreDataLengthExceededError)
        #expect(code(form([], file: large)) == nil)
    }
}
