package import Uplink

extension CommandSession {
    /// Opens the project of the grant, and closes it however `body` ends.
    ///
    /// - Parameter adjust: changes what the library is told.
    package func withProject<Result>(
        adjust: (inout Configuration) -> Void = { _ in }, _ body: (Project) async throws -> Result
    ) async throws -> Result {
        var configuration = settings.configuration
        adjust(&configuration)
        return try await Project.with(try access(), configuration: configuration, body)
    }
}
