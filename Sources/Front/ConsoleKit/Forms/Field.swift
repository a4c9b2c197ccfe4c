/// One thing a form asks for, with its label, its hint, what was typed and what was wrong with it.
package struct Field: Sendable {
    /// What a field takes.
    package enum Kind: Sendable {
        case text, email, password, number, url, search, hidden, textArea, checkbox
        case select([Choice])
        case radio([Choice])
    }

    /// One of several values.
    package struct Choice: Sendable {
        package let value: String
        package let label: String
        package let isChosen: Bool
        package let id: String

        package init(_ value: String, _ label: String) {
            self.init(value, label, isChosen: false, id: "")
        }

        init(_ value: String, _ label: String, isChosen: Bool, id: String) {
            self.value = value
            self.label = label
            self.isChosen = isChosen
            self.id = id
        }
    }

    package let name: String
    package let id: String
    package let label: String
    package let value: String
    package let hint: String?
    package let error: String?
    package let hasNotes: Bool
    package let isRequired: Bool
    package let autocomplete: String?
    package let minimum: String?
    package let maximum: String?
    package let step: String?
    package let unit: String?
    package let type: String
    package let isInput: Bool
    package let isHidden: Bool
    package let isTextArea: Bool
    package let isCheckbox: Bool
    package let isChecked: Bool
    package let isSelect: Bool
    package let isRadio: Bool
    package let choices: [Choice]

    /// - Parameters:
    ///   - form: what was typed and refused; a password is not shown again.
    ///   - value: what stands there before anything is typed; "on" for a ticked box.
    ///   - autocomplete: HTML's word for what browsers fill in: "username", "current-password", "one-time-code".
    ///   - unit: shown behind the field: "GB".
    package init(
        _ kind: Kind, _ name: String, _ label: String, form: Form = Form(), value: String = "", hint: String? = nil,
        isRequired: Bool = true, autocomplete: String? = nil, minimum: String? = nil, maximum: String? = nil,
        step: String? = nil, unit: String? = nil
    ) {
        let facts = Facts(kind)
        let typed = facts.type == "password" ? "" : form[name] ?? (form.isEmpty ? value : "")
        self.name = name
        self.label = label
        id = "field-\(name)"
        self.value = typed
        self.hint = hint
        error = form.error(name)
        hasNotes = hint != nil || form.error(name) != nil
        self.isRequired = isRequired && !facts.isCheckbox
        self.autocomplete = autocomplete
        self.minimum = minimum
        self.maximum = maximum
        self.step = step
        self.unit = unit
        type = facts.type
        isInput = facts.isInput
        isHidden = facts.type == "hidden"
        isTextArea = facts.isTextArea
        isCheckbox = facts.isCheckbox
        isChecked = facts.isCheckbox && !typed.isEmpty
        isSelect = facts.isSelect
        isRadio = facts.isRadio
        choices = facts.choices.enumerated().map {
            Choice($1.value, $1.label, isChosen: $1.value == typed, id: "field-\(name)-\($0)")
        }
    }

    private struct Facts {
        var type = ""
        var isInput = false
        var isTextArea = false
        var isCheckbox = false
        var isSelect = false
        var isRadio = false
        var choices: [Choice] = []

        init(_ kind: Kind) {
            switch kind {
            case .textArea: isTextArea = true
            case .checkbox: isCheckbox = true
            case .select(let choices): (isSelect, self.choices) = (true, choices)
            case .radio(let choices): (isRadio, self.choices) = (true, choices)
            case .hidden: type = "hidden"
            default: (isInput, type) = (true, "\(kind)")
            }
        }
    }
}

extension Form {
    /// Whether nothing was posted.
    package var isEmpty: Bool { fieldCount == 0 }
}
