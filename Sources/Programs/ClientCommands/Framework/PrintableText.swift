extension String {
    /// This text with everything escaped that could move the cursor, change colours or reorder what a terminal shows.
    ///
    /// Names come from whoever wrote an object; a terminal must not obey them. Letters of all scripts stay.
    package var printable: String {
        guard unicodeScalars.contains(where: { !$0.isSafeToPrint }) else { return self }
        var text = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            case "\r": text += "\\r"
            case _ where scalar.isSafeToPrint: text.unicodeScalars.append(scalar)
            default: text += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return text
    }
}

extension Unicode.Scalar {
    /// Whether a terminal only draws it.
    fileprivate var isSafeToPrint: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        // Direction marks and invisible characters, but not the joiners that Arabic, Indic scripts and emoji need.
        case .format: value == 0x200C || value == 0x200D
        default: true
        }
    }
}
