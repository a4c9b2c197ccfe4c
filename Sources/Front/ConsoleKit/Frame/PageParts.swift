/// The head of a page: what it is, what it is for, and what one can do first (`{{#head}}{{> head}}{{/head}}`).
package struct PageHead: Sendable {
    package let title: String
    package let lede: String?
    /// The way back to the page above.
    package let back: Link?
    package let actions: [Link]

    package init(_ title: String, lede: String? = nil, back: Link? = nil, actions: [Link] = []) {
        self.title = title
        self.lede = lede
        self.back = back
        self.actions = actions
    }
}

/// A way to another page.
package struct Link: Sendable {
    package let label: String
    package let path: String
    /// Classes of the kit's style for a link that looks like a button: "primary", "danger", "quiet".
    package let style: String

    package init(_ label: String, _ path: String, style: String = "") {
        self.label = label
        self.path = path
        self.style = style
    }
}

/// A state in a word, with its colour (`{{{status.html}}}`).
package struct Pill: Sendable {
    package enum Kind: String, Sendable { case good, warning, bad, neutral }

    package let kind: String
    package let text: String
    package let html: String

    package init(_ kind: Kind, _ text: String) {
        self.kind = kind.rawValue
        self.text = text
        html = "<span class=\"pill \(kind.rawValue)\">\(HTML.escaped(text))</span>"
    }
}

/// One number of a page, large (`{{> tiles}}` over `tiles`).
package struct Tile: Sendable {
    package let title: String
    package let value: Figure
    package let note: String?
    /// A class of the kit's style: good, warning, bad; nil for none.
    package let state: String?
    package let path: String?

    package init(_ title: String, _ value: Figure, note: String? = nil, state: Pill.Kind? = nil, path: String? = nil) {
        self.title = title
        self.value = value
        self.note = note
        self.state = state?.rawValue
        self.path = path
    }
}

/// What stands where a list is empty: why, and what to do (`{{#empty}}{{> empty}}{{/empty}}`).
package struct EmptyState: Sendable {
    package let title: String
    package let text: String
    package let action: Link?

    package init(_ title: String, _ text: String, action: Link? = nil) {
        self.title = title
        self.text = text
        self.action = action
    }
}

/// The way to the pages before and after (`{{#paging}}{{> paging}}{{/paging}}`).
package struct Paging: Sendable {
    package let summary: String?
    package let previous: String?
    package let next: String?

    /// - Parameters:
    ///   - previous: a path with its query; nil on the first page.
    ///   - next: the same for the next page; nil on the last.
    package init(summary: String? = nil, previous: String?, next: String?) {
        self.summary = summary
        self.previous = previous
        self.next = next
    }
}
