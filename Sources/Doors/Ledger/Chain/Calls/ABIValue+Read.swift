import Contracts
import Ethereum
import StorageModel

/// What a contract's answer holds, as the value that is expected there.
extension ABIValue {
    func number() throws(LedgerError) -> UInt256 {
        guard case .uint(let number) = self else { throw .malformed("contract data: a number is expected") }
        return number
    }

    func small() throws(LedgerError) -> UInt64 {
        guard let number = try number().uint64 else { throw .malformed("contract data: a number of more than 64 bits") }
        return number
    }

    func amount() throws(LedgerError) -> TokenAmount { TokenAmount(try small()) }

    func address() throws(LedgerError) -> Address {
        guard case .address(let address) = self else { throw .malformed("contract data: an address is expected") }
        return address
    }

    func word() throws(LedgerError) -> Bytes32 {
        guard case .fixedBytes(let bytes) = self, let word = Bytes32(bytes) else {
            throw .malformed("contract data: thirty-two bytes are expected")
        }
        return word
    }

    func flag() throws(LedgerError) -> Bool {
        guard case .bool(let value) = self else { throw .malformed("contract data: yes or no is expected") }
        return value
    }
}
