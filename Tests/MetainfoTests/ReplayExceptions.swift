/// The recorded calls whose answers differ from ours, each with the reason why it should.
///
/// A call is named by the number of its conversation and its number in it.
enum ReplayExceptions {
    static let reasons: [String: String] = [
        "35#10": "an aborted upload takes no more segments; the Go satellite only marks it as expired",
        "56#5": "a revocation counts at once; the Go satellite goes on with what it has cached",
        "56#7": "revoking twice succeeds, since the first answer may have been lost",
        "60#1": "a listing without direction is an invalid argument, not an unknown error",
        "60#4": "a listing with an unknown direction is an invalid argument, not an unknown error",
        "61#11": "a token that does not verify is an invalid argument also in an abort, not an internal error",
        "62#1": "content without cipher or block size cannot be read again",
        "62#19": "part numbers are not negative",
        "62#21": "a segment of no size needs no nodes",
        "62#22": "a segment of negative size needs no nodes",
        "62#25": "a limit far above the largest segment is not signed",
        "62#35": "the recorded upload has a part of number −1 besides, which ours refused (62#19)",
        "62#36": "ours was committed by the call before (62#35)",
        "64#2": "every member of a batch is executed; the Go satellite refuses batches with this one",
        "64#4": "every member of a batch is executed; the Go satellite refuses batches with this one",
        "65#1": "the missing header is seen before the bad nonce",
        "65#2": "the missing header is seen before the bad nonce",
        "68#5": "a version id with another stream's end names nothing",
    ]
}
