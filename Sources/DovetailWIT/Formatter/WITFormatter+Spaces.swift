// SPDX-License-Identifier: Apache-2.0

import DovetailWITReader

// Spaces between tokens.
extension WITFormatter {
    mutating func isPathColon(_ token: WITToken, next: Next) -> Bool {
        switch head {
        case "package", "use", "include": return true
        case "import", "export":
            guard nesting == 0 else { return false }
            guard nameColons > 0 else { return true }
            nameColons -= 1
            return !isNamed(token, next: next)
        default: return false
        }
    }

    /// Whether the first colon of an import or export follows its plain name, by the parser's rule.
    private func isNamed(_ colon: WITToken, next: Next) -> Bool {
        let second = next.token
        let third = self.next(after: next.index).token
        if second.kind == .word, ["interface", "func", "async"].contains(text(second)) { return true }
        if symbol(third) == "(" || symbol(third) == ":" { return true }
        return symbol(third) != "/" && second.start != colon.end
    }

    func needsSpace(before token: WITToken) -> Bool {
        guard let previous else { return followsComment }
        switch symbol(token) {
        case ")", ">", ",", ";": return false
        case _ where followsComment: return true
        case ":", ".", "/", "(", "<": return false
        case "@": return false
        case "{": return symbol(previous) != "."
        default: break
        }
        switch symbol(previous) {
        case "(", "<", "@", ".", "/": return false
        case "{": return blocks.last == .with
        case ":": return !lastColonWasPath
        default: return true
        }
    }
}
