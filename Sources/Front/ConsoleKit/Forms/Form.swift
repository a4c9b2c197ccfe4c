import HTTPTypes
import Hummingbird
import NIOCore

/// The fields of a form, read strictly, and what is wrong with them.
package struct Form: Sendable {
    private let fields: [String: [String]]
    /// What was refused, in the order of reading.
    package private(set) var errors: [FormError] = []

    /// A form, by field name.
    package init(_ fields: [String: [String]] = [:]) { self.fields = fields }

    /// The first value of a field, as it came; nil when there is none.
    package subscript(name: String) -> String? { fields[name]?.first }

    /// All values of a field, as they came.
    package func values(_ name: String) -> [String] { fields[name] ?? [] }

    /// How many different fields came.
    package var fieldCount: Int { fields.count }

    /// Whether nothing was refused so far.
    package var isValid: Bool { errors.isEmpty }

    /// What is wrong with a field; nil when nothing is.
    package func error(_ name: String) -> String? { errors.first { $0.name == name }?.message }

    /// Refuses a field for a reason that only the room knows. A field's first reason stays.
    package mutating func refuse(_ name: String, _ message: String) {
        if error(name) == nil { errors.append(FormError(name: name, message: message)) }
    }
}

/// What is wrong with a field, in words for whoever filled it in.
package struct FormError: Hashable, Sendable {
    package let name: String
    package let message: String
}

extension Form {
    /// The fields in a request's body.
    ///
    /// - Throws: `WebError` for too much, or for what is no form.
    static func read(_ request: inout Request, limits: WebSettings) async throws -> Form {
        let bytes: ByteBuffer
        do { bytes = try await request.collectBody(upTo: limits.maximumForm) } catch is NIOTooManyBytesError {
            throw WebError(.contentTooLarge, "This form is too large.")
        }
        guard let form = Form(urlEncoded: bytes.readableBytesView, maximumFields: limits.maximumFields) else {
            throw WebError(.badRequest, "This form cannot be read.")
        }
        return form
    }

    /// Parses `application/x-www-form-urlencoded`; nil for broken escapes, other bytes than UTF-8, or too many fields.
    package init?(urlEncoded bytes: some Collection<UInt8>, maximumFields: Int) {
        var fields: [String: [String]] = [:]
        var count = 0
        for pair in bytes.split(separator: UInt8(ascii: "&")) {
            count += 1
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            guard count <= maximumFields, let name = Self.decode(pair[..<equals]),
                let value = Self.decode(pair[equals...].dropFirst())
            else { return nil }
            fields[name, default: []].append(value)
        }
        self.init(fields)
    }

    private static func decode(_ bytes: some Collection<UInt8>) -> String? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var rest = bytes.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "+"): decoded.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.next().flatMap(digit), let low = rest.next().flatMap(digit) else { return nil }
                decoded.append(high << 4 | low)
            default: decoded.append(byte)
            }
        }
        // Zero bytes are no text, whatever UTF-8 says: databases and files end strings there.
        guard !decoded.contains(0) else { return nil }
        return String(validating: decoded, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
