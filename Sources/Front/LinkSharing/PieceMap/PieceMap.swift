import Uplink

/// Where the pieces of an object are, country by country.
struct PieceMap: Sendable {
    /// Segments that are looked at: the first of them stand for the rest of a very large object.
    static let maximumSegments = 256

    /// The pieces in one country.
    struct Place: Hashable, Sendable {
        /// Two letters; empty for nodes of which the satellite does not know it.
        let country: String
        var healthy = 0
        var troubled = 0

        var pieces: Int { healthy + troubled }
    }

    private(set) var segments = 0
    private(set) var inlineSegments = 0
    /// Whether there are more segments than were looked at.
    private(set) var isPartial = false
    private var byCountry: [String: Place] = [:]
    private var nodes: Set<String> = []

    /// Counts a segment in; false when enough are counted.
    mutating func add(_ segment: SegmentHealth) -> Bool {
        guard segments < Self.maximumSegments else {
            isPartial = true
            return false
        }
        segments += 1
        if segment.isInline { inlineSegments += 1 }
        for piece in segment.pieces {
            let country = CountryPlaces.position(of: piece.country) == nil ? "" : piece.country.uppercased()
            if piece.state == .healthy {
                byCountry[country, default: Place(country: country)].healthy += 1
            } else {
                byCountry[country, default: Place(country: country)].troubled += 1
            }
            nodes.insert(piece.node)
        }
        return true
    }

    /// The places, the fullest first.
    var places: [Place] {
        byCountry.values.sorted { $0.pieces == $1.pieces ? $0.country < $1.country : $0.pieces > $1.pieces }
    }

    var pieces: Int { byCountry.values.reduce(0) { $0 + $1.pieces } }
    var nodeCount: Int { nodes.count }
    var countryCount: Int { byCountry.keys.count { !$0.isEmpty } }
}
