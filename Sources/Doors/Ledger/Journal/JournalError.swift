/// What a journal refuses. Nothing of a refused entry is written.
package enum JournalError: Error, Hashable, CustomStringConvertible {
    /// No id, fewer than two postings, or an account twice.
    case malformed(entry: String)
    /// The postings do not add up to zero.
    case unbalanced(entry: String)
    /// A sum that does not fit.
    case outOfRange(entry: String)
    /// The id stands for another movement already.
    case idTaken(entry: String)
    /// An account that has to stay at or above zero would not.
    case insufficient(entry: String, account: JournalAccount)

    package var description: String {
        switch self {
        case .malformed(let entry): "journal entry \(entry): an id and two different accounts at least are needed"
        case .unbalanced(let entry): "journal entry \(entry): the postings do not add up to zero"
        case .outOfRange(let entry): "journal entry \(entry): an amount is too large"
        case .idTaken(let entry): "journal entry \(entry): the id stands for another movement already"
        case .insufficient(let entry, let account): "journal entry \(entry): \(account) has too little"
        }
    }
}
