import Foundation

/// What the process has used of memory at most.
enum PeakMemory {
    /// Bytes; 0 when the system does not say.
    static var bytes: Int64 {
        guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
            let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Int64($0) })
        else { return 0 }
        return kilobytes << 10
    }
}
