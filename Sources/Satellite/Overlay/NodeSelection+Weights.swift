import Foundation
import StorageModel

extension NodeSelection {
    /// Draws per piece that are wanted before the places that are left are looked at one by one.
    private static let patience = 8

    /// At most `count` nodes, each in a place not used before, each with a chance in proportion to its weight and to the
    /// square of its record.
    mutating func drawByWeight(_ count: Int, from pool: UploadCandidates.Pool) -> [SelectedNode] {
        var taken: Set<Int> = []
        var drawn: [SelectedNode] = []
        let total = pool.sums.last ?? 0
        var attempts = min(count, pool.places.count) * Self.patience
        while drawn.count < count, attempts > 0, total > 0 {
            attempts -= 1
            let place = pool.place(at: Double.random(in: 0..<total, using: &random))
            guard !taken.contains(place), let index = pick(in: place, of: pool),
                Double.random(in: 0..<1, using: &random) < trust(in: pool.places[place][index])
            else { continue }
            taken.insert(place)
            drawn.append(pool.places[place][index])
        }
        return drawn.count < count ? drawn + drawRest(count - drawn.count, from: pool, without: taken) : drawn
    }

    /// The same for places that are few or unlucky: each gets a random number that grows slower the more it weighs, and
    /// the lowest are taken.
    ///
    /// - Source: Efraimidis and Spirakis, "Weighted random sampling with a reservoir", 2006.
    private mutating func drawRest(
        _ count: Int, from pool: UploadCandidates.Pool, without taken: Set<Int>
    ) -> [SelectedNode] {
        var keys: [(key: Double, node: SelectedNode)] = []
        for place in pool.places.indices where !taken.contains(place) {
            guard let index = pick(in: place, of: pool) else { continue }
            let node = pool.places[place][index]
            let weight = pool.weight(ofPlace: place) * trust(in: node)
            keys.append((-log(Double.random(in: Double.leastNonzeroMagnitude..<1, using: &random)) / weight, node))
        }
        keys.sort { $0.key < $1.key }
        return keys.prefix(count).map(\.node)
    }

    /// A node of a place that may take the piece, by weight; nil when none may.
    private mutating func pick(in place: Int, of pool: UploadCandidates.Pool) -> Int? {
        let nodes = pool.places[place]
        guard let first = nodes.first, !usedPlaces.contains(first.lastNet) else { return nil }
        let free = nodes.indices.filter { nodes[$0].freeDisk >= pieceSize && !excluded.contains(nodes[$0].id) }
        guard free.count > 1 else { return free.first }
        var left = Double.random(in: 0..<free.reduce(0) { $0 + pool.weights[place][$1] }, using: &random)
        return free.first { index in
            left -= pool.weights[place][index]
            return left < 0
        } ?? free.last
    }

    /// The square of a node's record in recent uploads; one for a node without, and never nothing: a node may recover.
    private func trust(in node: SelectedNode) -> Double {
        guard let score = score(node.id) else { return 1 }
        return max(score * score, 0.01)
    }
}

extension UploadCandidates.Pool {
    /// The place at which the weights sum up to more than `sum`.
    func place(at sum: Double) -> Int {
        var (low, high) = (0, sums.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if sums[middle] > sum { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// The mean weight of a place's nodes.
    func weight(ofPlace place: Int) -> Double { sums[place] - (place > 0 ? sums[place - 1] : 0) }
}
