import NIOCore
import SwiftProtobuf

/// Says why bytes are not a message, in the words that existing satellites answer with.
///
/// - Source: recorded conversations `58-raw-keys-and-envelopes` and `65-raw-wire`: code 0 and these texts.
enum DecodingFailure {
    /// The answer to a message that the generated code could not read.
    static func status(of error: any Error, in buffer: ByteBuffer) -> RPCStatusError {
        switch error as? BinaryDecodingError {
        case .truncated: RPCStatusError(.unknown, "unexpected EOF")
        case .invalidUTF8: RPCStatusError(.unknown, "proto: string field contains invalid UTF-8")
        case .messageDepthLimit: RPCStatusError(.unknown, "proto: message is nested too deep")
        default: RPCStatusError(.unknown, text(ofMalformed: buffer))
        }
    }

    /// Looks at the first tag of the outermost message that cannot be followed.
    private static func text(ofMalformed buffer: ByteBuffer) -> String {
        var reader = FieldReader(buffer, message: "message")
        var position = buffer
        while let tag = try? reader.next(), (try? reader.skip(tag)) != nil { position = reader.rest }
        guard let tag = position.readableBytesView.first else { return "proto: malformed message" }
        guard position.readableBytesView.contains(where: { $0 < 0x80 }) else { return "unexpected EOF" }
        let encoding = tag & 7
        return encoding > 5 ? "proto: can't skip unknown wire type \(encoding)" : "proto: malformed message"
    }
}
