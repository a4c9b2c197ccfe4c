extension ABIValue {
    /// Reads values of the given types. Numbers too large for their type, offsets outside the data, padding that is not
    /// zero and texts that are no UTF-8 are refused; what several places point to counts each time, up to a limit.
    ///
    /// - Throws: `EthereumError.malformed`.
    package static func decode(_ types: [ABIType], from data: [UInt8]) throws(EthereumError) -> [ABIValue] {
        var reader = ABIReader(data: data)
        return try reader.tuple(types, at: 0)
    }
}

/// Reads values out of a contract's answer.
private struct ABIReader {
    let data: [UInt8]
    /// Values read so far: an answer can name one long list many times.
    private var count = 0
    private static let maximumCount = 1 << 20

    init(data: [UInt8]) { self.data = data }

    mutating func tuple(_ types: [ABIType], at base: Int) throws(EthereumError) -> [ABIValue] {
        var values: [ABIValue] = []
        var head = base
        for type in types {
            let place = type.isDynamic ? try offset(at: head, base: base) : head
            values.append(try value(type, at: place))
            head += type.headSize
        }
        return values
    }

    private mutating func value(_ type: ABIType, at place: Int) throws(EthereumError) -> ABIValue {
        count += 1
        guard count <= Self.maximumCount else { throw .malformed("contract data: too many values") }
        switch type {
        case .uint(let bits):
            let number = try number(at: place)
            guard bits >= 256 || number >> bits == .zero else { throw .malformed("contract data: uint\(bits)") }
            return .uint(number)
        case .address:
            let bytes = try take(32, at: place)
            guard bytes.prefix(12).allSatisfy({ $0 == 0 }), let address = Address(bytes.suffix(20)) else {
                throw .malformed("contract data: address")
            }
            return .address(address)
        case .bool:
            let number = try number(at: place)
            guard number <= UInt256(1) else { throw .malformed("contract data: bool") }
            return .bool(number != .zero)
        case .fixedBytes(let size): return .fixedBytes(try padded(size, at: place))
        case .bytes: return .bytes(try string(at: place))
        case .string:
            guard let text = String(validating: try string(at: place), as: UTF8.self) else {
                throw .malformed("contract data: text")
            }
            return .string(text)
        case .array(let item):
            let length = try length(at: place)
            // Every item has at least a word, unless it is empty: then its number is bounded by the count above.
            guard length <= Self.maximumCount else { throw .malformed("contract data: length of a list") }
            return .array(try tuple([ABIType](repeating: item, count: length), at: place + 32))
        case .tuple(let types): return .tuple(try tuple(types, at: place))
        }
    }

    private func string(at place: Int) throws(EthereumError) -> [UInt8] {
        try padded(try length(at: place), at: place + 32)
    }

    private func padded(_ size: Int, at place: Int) throws(EthereumError) -> [UInt8] {
        let (sum, overflow) = size.addingReportingOverflow(31)
        guard !overflow else { throw .malformed("contract data: length") }
        let bytes = try take(sum / 32 * 32, at: place)
        guard bytes.dropFirst(size).allSatisfy({ $0 == 0 }) else { throw .malformed("contract data: padding") }
        return Array(bytes.prefix(size))
    }

    private func offset(at place: Int, base: Int) throws(EthereumError) -> Int {
        let (sum, overflow) = base.addingReportingOverflow(try length(at: place))
        guard !overflow, sum <= data.count else { throw .malformed("contract data: offset") }
        return sum
    }

    private func length(at place: Int) throws(EthereumError) -> Int {
        guard let small = try number(at: place).uint64, let length = Int(exactly: small), length <= data.count else {
            throw .malformed("contract data: length")
        }
        return length
    }

    private func number(at place: Int) throws(EthereumError) -> UInt256 {
        guard let number = UInt256(bigEndian: try take(32, at: place)) else { throw .malformed("contract data: word") }
        return number
    }

    private func take(_ size: Int, at place: Int) throws(EthereumError) -> ArraySlice<UInt8> {
        let (end, overflow) = place.addingReportingOverflow(size)
        guard place >= 0, size >= 0, !overflow, end <= data.count else { throw .malformed("contract data: too short") }
        return data[place..<end]
    }
}
