// SPDX-License-Identifier: Apache-2.0

/// Rules for the names of things in components and WIT.
package enum ExternName {
    /// The form in which two names of one scope must differ. (Explainer.md, "Name Uniqueness")
    ///
    /// Letters count without their case, hyphens do not count; of the annotations only `[constructor]` and `[set]` do;
    /// a member named as its resource counts as that resource.
    package static func canonical(_ name: String) -> String {
        var prefix = ""
        var rest = Substring(name).utf8
        while rest.first == UInt8(ascii: "["), let close = rest.firstIndex(of: UInt8(ascii: "]")) {
            let annotation = String(Substring(rest[...close]))
            if annotation == "[constructor]" || annotation == "[set]" { prefix += annotation }
            rest = rest[rest.index(after: close)...]
        }
        var letters: [UInt8] = []
        letters.reserveCapacity(rest.count)
        var dot: Int?
        for byte in rest where byte != UInt8(ascii: "-") {
            if byte == UInt8(ascii: "."), dot == nil { dot = letters.count }
            letters.append((0x41...0x5a).contains(byte) ? byte | 0x20 : byte)
        }
        if let dot, letters[..<dot] == letters[(dot + 1)...] { letters.removeSubrange(dot...) }
        return prefix + String(decoding: letters, as: UTF8.self)
    }

    /// Whether `name` is a label: words of one case each, joined by single hyphens, the first of which begins with
    /// a letter. (Explainer.md, "Import and Export Definitions")
    package static func isLabel(_ name: some StringProtocol) -> Bool {
        var first = true
        for word in name.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false) {
            guard let head = word.first else { return false }
            let headIsDigit = (0x30...0x39).contains(head)
            if first, headIsDigit { return false }
            first = false
            var hasLower = false
            var hasUpper = false
            for byte in word {
                switch byte {
                case 0x30...0x39: continue
                case 0x61...0x7a: hasLower = true
                case 0x41...0x5a: hasUpper = true
                default: return false
                }
            }
            if hasLower && hasUpper { return false }
        }
        return true
    }
}
