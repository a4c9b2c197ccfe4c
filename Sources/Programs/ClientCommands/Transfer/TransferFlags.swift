package import ArgumentParser

/// What all commands that move many files take.
package struct TransferFlags: ParsableArguments, Sendable {
    @Option(name: .shortAndLong, help: ArgumentHelp("Files and objects on their way at once.", valueName: "count"))
    package var transfers = TransferOptions().transfers

    @Option(name: .shortAndLong, help: ArgumentHelp("Segments of one large object on their way at once.", valueName: "count"))
    package var parallelism: Int?

    @Flag(inversion: .prefixedNo, help: "Show how far the transfers are, on standard error.")
    package var progress = true

    @Flag(help: "Print what would be done, and do nothing.")
    package var dryRun = false

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "Only names that match, such as '*.jpg' or 'docs/**'. Can be repeated.",
            discussion: "A name without a slash matches at every depth; a folder's name stands for all that is in it.",
            valueName: "pattern"),
        transform: GlobPattern.init)
    package var include: [GlobPattern] = []

    @Option(
        parsing: .singleValue, help: ArgumentHelp("Without names that match. Can be repeated.", valueName: "pattern"),
        transform: GlobPattern.init)
    package var exclude: [GlobPattern] = []

    @Flag(name: .shortAndLong, help: "Print each finished file or object.")
    package var verbose = false

    @Flag(help: "Wait until downloaded files are on the disk itself.")
    package var fsync = false

    @Flag(help: "Fetch all pieces of what is downloaded from the start, and correct wrong ones.")
    package var errorCorrection = false

    @Option(
        help: ArgumentHelp(
            "Transfers from this size on can be continued after an interruption; 0 for none.", valueName: "size"),
        transform: TransferFlags.size)
    package var resumeFrom: Int64?

    // Go's tool takes it; here a part is always as large as a segment, so that there is nothing to choose.
    @Option(help: .hidden)
    package var parallelismChunkSize: String?

    package init() {}

    package func validate() throws {
        guard transfers > 0 else { throw ValidationError("--transfers must be at least 1") }
        guard parallelism.map({ $0 > 0 }) ?? true else { throw ValidationError("--parallelism must be at least 1") }
    }

    /// Which names take part.
    package var filter: NameFilter { NameFilter(includes: include, excludes: exclude) }

    /// What these flags say of a transfer.
    package var options: TransferOptions {
        var options = TransferOptions()
        options.transfers = transfers
        options.parallelism = parallelism
        options.correctsErrors = errorCorrection
        options.showsProgress = progress
        options.filter = filter
        options.isDryRun = dryRun
        options.isVerbose = verbose
        options.synchronizes = fsync
        if let resumeFrom { options.resumeThreshold = resumeFrom > 0 ? resumeFrom : nil }
        return options
    }

    private static func size(_ text: String) throws -> Int64 {
        guard let size = SizeText.parse(text) else { throw ValidationError("\"\(text)\" is no size; write for instance 64MiB") }
        return size
    }
}
