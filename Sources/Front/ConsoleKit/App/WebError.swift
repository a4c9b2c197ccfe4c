package import HTTPTypes

/// A refusal as a visitor reads it: a status and a sentence, and nothing of the program's inside.
package struct WebError: Error, Hashable, Sendable {
    package let status: HTTPResponse.Status
    /// A sentence for whoever asked.
    package let message: String

    /// A refusal.
    package init(_ status: HTTPResponse.Status, _ message: String) {
        self.status = status
        self.message = message
    }

    /// What is said where a page does not exist, or is none of the visitor's business: the two look the same.
    package static let notFound = WebError(.notFound, "There is no such page, or it is not yours to see.")
    /// What is said to a form whose token is missing, forged or of another session.
    package static let forged = WebError(
        .forbidden, "This form is too old, or did not come from this site. Go back, load the page again and retry.")
    /// What is said when too much is asked at once.
    package static let busy = WebError(.serviceUnavailable, "Too many people are here just now. Try again in a moment.")
    /// What is said to whoever tries too often.
    package static let tooOften = WebError(.tooManyRequests, "That was tried too often. Wait a few minutes, then try again.")

    /// The sentence for a status that nobody worded.
    init(status: HTTPResponse.Status) {
        let message =
            switch status.code {
            case 404: Self.notFound.message
            case 405: "This page cannot be asked for in that way."
            case 413: "That is more than this page takes."
            case 400..<500: "This request cannot be understood."
            default: "Something went wrong here. It was noted; try again in a moment."
            }
        self.init(status, message)
    }
}
