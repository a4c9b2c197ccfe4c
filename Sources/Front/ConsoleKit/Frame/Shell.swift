/// The frame around an app's pages: its name, where one can go, who one is.
package struct Shell: Sendable {
    /// A frame with navigation at the side, or one that leaves the page alone in the middle (sign-in, wizard).
    package enum Kind: Sendable { case app, plain }

    package let kind: Kind
    package let brand: String
    /// The path of the app's first page.
    package let home: String
    package let sections: [NavigationSection]
    package let account: Account?
    package let notice: Notice?
    /// A line at the foot: version, address of the satellite.
    package let footer: String?

    package init(
        brand: String, home: String = "/", kind: Kind = .app, items: [NavigationItem] = [],
        sections: [NavigationSection] = [], account: Account? = nil, notice: Notice? = nil, footer: String? = nil
    ) {
        self.kind = kind
        self.brand = brand
        self.home = home
        self.sections = (items.isEmpty ? [] : [NavigationSection(nil, items)]) + sections
        self.account = account
        self.notice = notice
        self.footer = footer
    }

    /// The frame of a page that stands alone.
    package static func plain(brand: String, notice: Notice? = nil) -> Shell {
        Shell(brand: brand, kind: .plain, notice: notice)
    }
}

/// A group of places, with a heading or none.
package struct NavigationSection: Sendable {
    package let title: String?
    package let items: [NavigationItem]

    package init(_ title: String?, _ items: [NavigationItem]) {
        self.title = title
        self.items = items
    }
}

/// A place one can go to.
package struct NavigationItem: Sendable {
    package let title: String
    package let path: String
    /// A name in `icons.svg`.
    package let icon: String?
    /// A small number or word behind the title.
    package let badge: String?
    /// Where else one can be that belongs to it, beside what is below its path.
    package let covers: [String]
    /// Whether one is there.
    package internal(set) var isCurrent = false

    package init(_ title: String, _ path: String, icon: String? = nil, badge: String? = nil, covers: [String] = []) {
        self.title = title
        self.path = path
        self.icon = icon
        self.badge = badge
        self.covers = covers
    }
}

/// Who is signed in.
package struct Account: Sendable {
    package let name: String
    /// The path of the page about oneself; nil for none.
    package let path: String?
    /// The path that signs out, by POST; nil where nobody signs in.
    package let signOut: String?

    package init(name: String, path: String? = nil, signOut: String? = nil) {
        self.name = name
        self.path = path
        self.signOut = signOut
    }
}

/// Something every page says at its top.
package struct Notice: Sendable {
    /// A class of the kit's style: good, warning, bad, note.
    package let kind: String
    package let text: String
    package let path: String?
    package let action: String?

    package init(_ kind: Flash.Kind, _ text: String, path: String? = nil, action: String? = nil) {
        self.kind = kind.rawValue
        self.text = text
        self.path = path
        self.action = action
    }
}
