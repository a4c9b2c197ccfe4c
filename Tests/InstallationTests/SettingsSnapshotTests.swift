import Foundation
import Installation
import TestSupport
import Testing

/// Every setting with its default, compared with what was reviewed, so that a changed default is seen in review.
@Suite struct SettingsSnapshotTests {
    @Test(arguments: ["satellite", "node"])
    func `settings and their defaults are those reviewed`(program: String) throws {
        let definitions = program == "node" ? SettingDefinition.node : SettingDefinition.satellite
        let values = try SettingsValues(
            program: program, definitions: definitions, flags: [:], environment: [:], file: nil)
        let reviewed = String(decoding: try Vectors.bytes("settings/\(program).txt"), as: UTF8.self)
        #expect(values.lines.joined(separator: "\n") + "\n" == reviewed)
    }
}
