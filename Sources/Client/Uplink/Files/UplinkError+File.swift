internal import Glibc

extension UplinkError {
    /// What the system just refused, from `errno`.
    ///
    /// - Parameter verb: what was being done: "cannot `verb` `path`".
    init(file path: String, doing verb: String, _ number: Int32 = errno) {
        let reason = String(cString: strerror(number))
        let advice =
            switch number {
            case ENOSPC, EDQUOT: "Make room there, or choose another target"
            case EACCES, EPERM, EROFS: "Check the permissions of the file and its folder"
            case EMFILE, ENFILE: "Transfer fewer files at once, or raise the limit of open files"
            default: ""
            }
        self.init(.fileSystem, "cannot \(verb) \(path): \(reason.lowercased())", advice: advice)
    }
}
