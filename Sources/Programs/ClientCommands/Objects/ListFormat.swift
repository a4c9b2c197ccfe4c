package import Foundation

/// How a listing looks to people: one line an item, in columns of fixed width so that long lists can be printed as they come.
package struct ListFormat: Sendable {
    /// Also expiry and attached metadata.
    package var isExpanded = false
    /// Also version ids.
    package var showsVersions = false
    /// Exact numbers instead of units.
    package var showsBytes = false
    /// For times.
    package var timeZone: TimeZone

    /// A format.
    package init(isExpanded: Bool = false, showsVersions: Bool = false, showsBytes: Bool = false, timeZone: TimeZone) {
        self.isExpanded = isExpanded
        self.showsVersions = showsVersions
        self.showsBytes = showsBytes
        self.timeZone = timeZone
    }

    private static let timeWidth = 19
    private static let sizeWidth = 10
    private static let versionWidth = 32

    /// The line above a list of items of a kind.
    func header(_ kind: ListRow.Kind) -> String {
        guard kind != .bucket else { return cells(["CREATED".padded(Self.timeWidth), "NAME"]) }
        var columns = ["KIND", "CREATED".padded(Self.timeWidth), TextTable.padded("SIZE", to: Self.sizeWidth, .right)]
        if showsVersions { columns.append("VERSION".padded(Self.versionWidth)) }
        if isExpanded { columns.append("EXPIRES".padded(Self.timeWidth)) }
        columns.append("KEY")
        return cells(columns)
    }

    /// An item's line.
    func line(_ row: ListRow) -> String {
        let time = (row.createdAt.map { TimeText.display($0, in: timeZone) } ?? "").padded(Self.timeWidth)
        guard row.kind != .bucket else { return cells([time, row.name.printable]) }
        var columns = [mark(row).padded(4), time, TextTable.padded(size(row), to: Self.sizeWidth, .right)]
        if showsVersions { columns.append((row.versionId ?? "").padded(Self.versionWidth)) }
        if isExpanded {
            columns.append((row.expiresAt.map { TimeText.display($0, in: timeZone) } ?? "").padded(Self.timeWidth))
        }
        columns.append(row.name.printable)
        if let upload = row.uploadId { columns.append("[\(upload.printable)]") }
        if isExpanded, let metadata = row.metadata {
            columns += metadata.sorted { $0.key < $1.key }.map { "\($0.key.printable)=\($0.value.printable)" }
        }
        return cells(columns)
    }

    private func mark(_ row: ListRow) -> String {
        switch row.kind {
        case .prefix: "PRE"
        case .upload: "UPL"
        case .bucket: "BKT"
        case .object: row.isDeleteMarker == true ? "DEL" : "OBJ"
        }
    }

    private func size(_ row: ListRow) -> String {
        guard let size = row.size, row.isDeleteMarker != true else { return "" }
        return showsBytes ? String(size) : SizeText.human(size)
    }

    private func cells(_ cells: [String]) -> String { cells.joined(separator: "  ") }
}

extension String {
    fileprivate func padded(_ width: Int) -> String { TextTable.padded(self, to: width) }
}
