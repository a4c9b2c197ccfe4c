import Foundation

/// The CPU time of single threads of this process.
enum ThreadTimes {
    /// All threads.
    static var threads: Set<String> {
        // Without procfs there is no such figure.
        Set((try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? [])
    }

    /// Seconds that a thread has run.
    static func seconds(of thread: String) -> Double {
        guard let text = try? String(contentsOfFile: "/proc/self/task/\(thread)/schedstat", encoding: .utf8),
            let nanoseconds = text.split(separator: " ").first.flatMap({ Double($0) })
        else { return 0 }
        return nanoseconds / 1e9
    }
}
