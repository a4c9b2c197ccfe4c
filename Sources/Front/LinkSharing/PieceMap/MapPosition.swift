/// A place on the map, in degrees north and east.
struct MapPosition: Hashable, Sendable {
    let latitude: Double
    let longitude: Double
}
