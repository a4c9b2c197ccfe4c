import Uplink

/// What a link leads to: the project, open as long as this is held, and the grant that opened it.
struct OpenedLink: Sendable {
    let project: Project
    let access: Access
}
