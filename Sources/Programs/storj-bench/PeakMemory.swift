import Foundation

/// The most memory this process has held.
enum PeakMemory {
    /// Starts counting anew; without procfs nothing happens.
    static func reset() {
        // Where the file cannot be written the figure is that of the whole run, which is no smaller.
        try? Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
    }

    /// MB (10^6 bytes) since the last reset; 0 where the system does not say.
    static var megabytes: Int { read("VmHWM") }

    /// MB now.
    static var currentMegabytes: Int { read("VmRSS") }

    private static func read(_ key: String) -> Int {
        guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return 0 }
        let line = text.split(separator: "\n").first { $0.hasPrefix(key + ":") }
        let kibibytes = line.flatMap { $0.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first }
        return (kibibytes.flatMap { Int($0) } ?? 0) * 1024 / 1_000_000
    }
}
