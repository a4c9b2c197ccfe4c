/// Bytes that are not a whole document within the limits.
package struct XMLError: Error, Hashable, CustomStringConvertible {
    package init() {}

    package var description: String { "this is no XML that can be read" }
}
