extension HeartbeatVerdict {
    /// The verdict in three numbers.
    package var code: (code: UInt8, sample: UInt32, objection: UInt8) {
        switch self {
        case .passed: (0, 0, 0)
        case .failed(let sample, nil): (1, UInt32(clamping: sample), 0)
        case .failed(let sample, .otherSet): (1, UInt32(clamping: sample), 1)
        case .failed(let sample, .otherPiece): (1, UInt32(clamping: sample), 2)
        case .failed(let sample, .otherContent): (1, UInt32(clamping: sample), 3)
        case .unreachable: (2, 0, 0)
        case .pending: (3, 0, 0)
        case .void: (4, 0, 0)
        }
    }

    /// The verdict behind three numbers; nil for numbers that stand for none.
    package init?(code: UInt8, sample: UInt32, objection: UInt8) {
        let objections: [SampleProof.Objection?] = [nil, .otherSet, .otherPiece, .otherContent]
        switch code {
        case 1 where objections.indices.contains(Int(objection)):
            self = .failed(sample: Int(sample), objections[Int(objection)])
        case 0 where sample == 0 && objection == 0: self = .passed
        case 2 where sample == 0 && objection == 0: self = .unreachable
        case 3 where sample == 0 && objection == 0: self = .pending
        case 4 where sample == 0 && objection == 0: self = .void
        default: return nil
        }
    }
}
