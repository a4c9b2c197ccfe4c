public import Logging

/// How a project is opened: time-outs, memory, and what to check.
public struct Configuration: Sendable {
    /// Product tokens that the satellite notes as the origin of new buckets, for instance `"mytool/1.0"`.
    public var userAgent = ""
    /// From the first packet to the end of the handshake, for satellite and nodes.
    public var dialTimeout: Duration = .seconds(10)
    /// How long the satellite may think about one answer; ten times as long about deleting a bucket with its objects.
    public var answerTimeout: Duration = .seconds(60)
    /// How often an unreachable satellite is dialled, in `1...`; pauses grow from 0.1 s to 3 s.
    public var connectAttempts = 6
    /// Whether a passphrase that decrypts nothing of what is stored is an error.
    public var passphraseCheck: PassphraseCheck = .on
    /// Takes and shows object keys as base64url of what the satellite stores, for tools that work without decrypting.
    public var showsEncryptedKeys = false
    /// Threads that read from and write to sockets, in `1...`.
    public var networkThreads = 2
    /// Bytes that all uploads of the project together hold of encrypted segments, at least 1 MiB.
    public var memoryBudget = 80 << 20
    /// Segments of one object that are moved at the same time, in `1...`.
    public var segmentsInFlight = 4
    /// Whether every piece of what is downloaded is fetched from the start, so that wrong ones are found and corrected.
    /// Otherwise that is done when content turns out not to decrypt.
    public var correctsErrors = false
    /// Where the library tells what it does, at level debug; never keys, plaintext or object keys.
    public var logger = Logger(label: "storj.uplink")

    /// The defaults.
    public init() {}
}

/// Whether to compare the passphrase with what is stored.
public enum PassphraseCheck: Hashable, Sendable {
    /// A listing of which nothing decrypts, and a missing object in a bucket of which nothing decrypts, are
    /// `.wrongPassphrase`. Costs one small listing a bucket.
    case on
    /// For those who keep objects of several passphrases in one bucket on purpose.
    case off
}

/// What comparing the passphrase with what is stored showed, when it is not wrong.
public enum PassphraseVerdict: Hashable, Sendable {
    /// It decrypts something that is stored.
    case verified
    /// There is nothing to compare with, or the grant may not list it.
    case nothingStored
}
