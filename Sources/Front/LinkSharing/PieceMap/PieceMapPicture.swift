import Foundation

/// A map of the world with a dot for each piece, as SVG.
struct PieceMapPicture {
    /// Points of the picture for a degree.
    private static let scale = 960.0 / 360
    private static let width = 960
    private static let height = 440
    /// The northernmost latitude shown; the southernmost follows from the height.
    private static let top = 84.0
    /// Dots drawn for one country; the number beside them counts all.
    private static let maximumDots = 160

    let map: PieceMap

    var svg: String {
        let picture: HTMLText = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Self.width) \(Self.height + 34)" \
            font-family="system-ui,sans-serif">
            <rect width="\(Self.width)" height="\(Self.height + 34)" fill="#f4f7fb"/>
            \(graticule)<path d="\(land)" fill="#dbe4ee" stroke="#c3d0de" stroke-width="0.6"/>
            \(HTMLText(map.places.map(place)))\
            <text x="14" y="\(Self.height + 22)" font-size="14" fill="#334">\(summary)</text>
            </svg>

            """
        return picture.description
    }

    private var summary: String {
        if map.pieces == 0 { return "Small enough for the satellite to keep: this object has no pieces." }
        var words = "\(map.pieces) pieces on \(map.nodeCount) \(map.nodeCount == 1 ? "node" : "nodes")"
        if map.countryCount > 0 {
            words += " in \(map.countryCount) \(map.countryCount == 1 ? "country" : "countries")"
        }
        if map.isPartial { words += ", of the first \(map.segments) segments" }
        let troubled = map.places.reduce(0) { $0 + $1.troubled }
        if troubled > 0 { words += "; \(troubled) of them (orange) cannot be counted on" }
        return words
    }

    private var graticule: HTMLText {
        let meridians = stride(from: -150, through: 150, by: 30).map { longitude -> HTMLText in
            let x = Self.number(Self.x(Double(longitude)))
            return "<path d=\"M\(x) 0V\(Self.height)\" stroke=\"#e4eaf1\"/>"
        }
        let parallels = stride(from: -60, through: 60, by: 30).map { latitude -> HTMLText in
            let y = Self.number(Self.y(Double(latitude)))
            return "<path d=\"M0 \(y)H\(Self.width)\" stroke=\"#e4eaf1\"/>"
        }
        return HTMLText(meridians + parallels)
    }

    private var land: String {
        LandOutline.shores.map { shore in
            let points = shore.map { "\(Self.number(Self.x($0.longitude))) \(Self.number(Self.y($0.latitude)))" }
            return "M\(points.joined(separator: "L"))Z"
        }.joined()
    }

    /// The dots of one country, in a spiral like the seeds of a sunflower, and their number.
    private func place(_ place: PieceMap.Place) -> HTMLText {
        let position = CountryPlaces.position(of: place.country)
        // Nodes of unknown countries are shown in the emptiest part of the Pacific.
        let center = position.map { (x: Self.x($0.longitude), y: Self.y($0.latitude)) } ?? (x: 70, y: 350)
        let shown = min(place.pieces, Self.maximumDots)
        let troubled = place.troubled * shown / max(1, place.pieces)
        let dots = (0..<shown).map { index -> HTMLText in
            let angle = Double(index) * 2.399963229728653
            let radius = 3.1 * Double(index).squareRoot()
            let x = Self.number(center.x + radius * cos(angle))
            let y = Self.number(center.y + radius * sin(angle))
            let color = index >= shown - max(troubled, min(1, place.troubled)) ? "#ff8a00" : "#0149ff"
            return "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"2.4\" fill=\"\(color)\" fill-opacity=\"0.75\"/>"
        }
        let reach = 3.1 * Double(shown).squareRoot() + 5
        let name = position == nil ? "country unknown" : place.country
        return """
            <g><title>\(name): \(place.pieces) pieces</title>\(HTMLText(dots))\
            <text x="\(Self.number(center.x + reach))" y="\(Self.number(center.y + 4))" font-size="11" \
            fill="#334">\(name) \(place.pieces)</text></g>

            """
    }

    private static func x(_ longitude: Double) -> Double { (longitude + 180) * scale }
    private static func y(_ latitude: Double) -> Double { (top - latitude) * scale }
    private static func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10)" + (tenths % 10 == 0 ? "" : ".\(abs(tenths % 10))")
    }
}
