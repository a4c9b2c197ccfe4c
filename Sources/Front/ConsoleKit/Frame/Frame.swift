/// The model of the frame's template: everything around a page's own content.
struct Frame: Sendable {
    let frame: FrameParts
    let csrf: String
    let path: String
    let icons: String
    let template: String
    let model: any Sendable

    init(
        title: String, shell: Shell, path: String, csrf: String, theme: String, flash: Flash?, styles: [String],
        scripts: [String], icons: String, mark: String, template: String, model: any Sendable
    ) {
        frame = FrameParts(
            title: title, shell: shell, path: path, theme: theme, flash: flash, styles: styles, scripts: scripts,
            mark: mark)
        self.csrf = csrf
        self.path = path
        self.icons = icons
        self.template = template
        self.model = model
    }
}

/// What the frame shows, under a name of its own so that no page's model hides it or finds it by mistake.
struct FrameParts: Sendable {
    let title: String
    let brand: String
    let home: String
    let theme: String?
    let mark: String
    let styles: [String]
    let scripts: [String]
    let isApp: Bool
    let hasNavigation: Bool
    let sections: [NavigationSection]
    let account: Account?
    let flash: Notice?
    let notice: Notice?
    let footer: String?

    init(
        title: String, shell: Shell, path: String, theme: String, flash: Flash?, styles: [String], scripts: [String],
        mark: String
    ) {
        self.title = title
        brand = shell.brand
        home = shell.home
        self.theme = theme.isEmpty ? nil : theme
        self.mark = mark
        self.styles = styles
        self.scripts = scripts
        isApp = shell.kind == .app
        sections = Self.marked(shell.sections, path)
        hasNavigation = !shell.sections.isEmpty
        account = shell.account
        self.flash = flash.map { Notice($0.kind, $0.text) }
        notice = shell.notice
        footer = shell.footer
    }

    /// The same places, the one that the path belongs to marked: the longest whose path begins this one.
    private static func marked(_ sections: [NavigationSection], _ path: String) -> [NavigationSection] {
        var current: String?
        var longest = -1
        for item in sections.flatMap(\.items) {
            for place in [item.path] + item.covers where path == place || path.hasPrefix(place == "/" ? "//" : place + "/") {
                guard place.utf8.count > longest else { continue }
                (current, longest) = (item.path, place.utf8.count)
            }
        }
        return sections.map { section in
            NavigationSection(
                section.title,
                section.items.map { item in
                    var item = item
                    item.isCurrent = item.path == current
                    return item
                })
        }
    }
}
