import StorageModel

/// Compares a recorded answer with ours: the same fields present, the same values where they do not depend on chance.
struct AnswerComparison {
    private(set) var differences: [String] = []
    private(set) var tokens: [(recorded: [UInt8], ours: [UInt8])] = []

    mutating func compare(recorded: [UInt8], ours: [UInt8], message: String) {
        compare(recorded, ours, message, at: message)
    }

    private mutating func compare(_ recorded: [UInt8], _ ours: [UInt8], _ message: String, at place: String) {
        guard let theirs = WireField.parse(recorded), let mine = WireField.parse(ours) else {
            if recorded != ours { differences.append("\(place): bytes differ") }
            return
        }
        let numbers = Set(theirs.map(\.number)).union(mine.map(\.number))
        for number in numbers.sorted() {
            let kind = AnswerSchema.kind(of: number, in: message)
            let left = theirs.filter { $0.number == number && !Self.isUnset($0, kind) }
            let right = mine.filter { $0.number == number && !Self.isUnset($0, kind) }
            compare(left, right, kind, at: "\(place).\(number)")
        }
    }

    private mutating func compare(_ left: [WireField], _ right: [WireField], _ kind: FieldKind, at place: String) {
        guard left.count == right.count else {
            let fields = [left, right].map { Set($0.map(Self.text)) }
            let odd = fields[0].symmetricDifference(fields[1]).prefix(5).joined(separator: " ")
            differences.append("\(place): recorded \(left.count), ours \(right.count): \(odd)")
            return
        }
        if case .downloadLimits = kind {
            let filled = [left, right].map { $0.filter { $0.bytes?.isEmpty == false } }
            if filled[0].count != filled[1].count {
                differences.append("\(place): recorded \(filled[0].count) filled limits, ours \(filled[1].count)")
            } else if let first = filled[0].first?.bytes, let second = filled[1].first?.bytes {
                compare(first, second, "AddressedOrderLimit", at: place)
            }
            return
        }
        for (index, (theirs, mine)) in zip(left, right).enumerated() {
            compare(theirs, mine, kind, at: left.count == 1 ? place : "\(place)[\(index)]")
        }
    }

    private mutating func compare(_ left: WireField, _ right: WireField, _ kind: FieldKind, at place: String) {
        switch kind {
        case .same, .downloadLimits:
            if left != right { differences.append("\(place): recorded \(Self.text(left)), ours \(Self.text(right))") }
        case .present: break
        case .token: if let recorded = left.bytes, let ours = right.bytes { tokens.append((recorded, ours)) }
        case .message(let name), .optionalMessage(let name):
            compare(left.bytes ?? [], right.bytes ?? [], name, at: place)
        }
    }

    /// Whether Go writes this field though it is not set.
    private static func isUnset(_ field: WireField, _ kind: FieldKind) -> Bool {
        guard let bytes = field.bytes else { return false }
        switch kind {
        case .message: return false
        case .optionalMessage: return bytes.isEmpty
        case .downloadLimits: return false
        case .present where bytes == yearOne: return true
        case .present where bytes.count == 24: return bytes.allSatisfy { $0 == 0 }
        case .token where bytes.count == 16: return bytes.allSatisfy { $0 == 0 }
        default: return bytes.isEmpty
        }
    }

    private static let yearOne: [UInt8] = [0x08, 0x80, 0x92, 0xb8, 0xc3, 0x98, 0xfe, 0xff, 0xff, 0xff, 0x01]

    private static func text(_ field: WireField) -> String {
        switch field.value {
        case .varint(let value): "\(Int64(bitPattern: value))"
        case .fixed(let bytes), .bytes(let bytes): Hexadecimal.encode(Array(bytes.prefix(40)))
        }
    }
}
