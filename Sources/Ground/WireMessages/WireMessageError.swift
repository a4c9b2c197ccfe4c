/// Why bytes are not the message they should be.
package struct WireMessageError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with the field.
    package enum Problem: Hashable, Sendable {
        /// The bytes end inside the field.
        case truncated
        /// A variable-length integer of more than 64 bits.
        case badVarint
        /// A field number outside `1..<2^29`, or an encoding that the protocol does not use.
        case badTag
        /// The field is encoded in another way than its type demands.
        case wrongEncoding
        /// A value of fixed length has this many bytes.
        case wrongLength(Int)
        /// A moment outside the years 1 to 9999, or a nanosecond outside its second.
        case timeOutOfRange
    }

    /// The message and the field, for instance `order_limit.piece_id`.
    package let field: String
    /// What is wrong with it.
    package let problem: Problem

    /// Names a field and its problem.
    package init(field: String, problem: Problem) {
        self.field = field
        self.problem = problem
    }

    package var description: String {
        switch problem {
        case .truncated: "\(field): unexpected end"
        case .badVarint: "\(field): integer overflow"
        case .badTag: "\(field): illegal tag"
        case .wrongEncoding: "\(field): wrong wire type"
        case .wrongLength(let count): "\(field): wrong length \(count)"
        case .timeOutOfRange: "\(field): time out of range"
        }
    }
}
