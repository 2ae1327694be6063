// SPDX-License-Identifier: Apache-2.0

/// The name of an import or export with its attributes. (Binary.md, `nameattributes`)
package struct ExternName: Sendable {
    /// The name itself: a plain name or an interface name.
    package var name: String
    /// The interface that the instance of this plain name implements.
    package var implements: String?
    /// What the canonical version in the name leaves out of the full version.
    package var versionSuffix: String?
    /// An identifier that means something only outside of the component model.
    package var externalID: String?

    /// Makes a name.
    package init(
        name: String, implements: String? = nil, versionSuffix: String? = nil, externalID: String? = nil
    ) {
        self.name = name
        self.implements = implements
        self.versionSuffix = versionSuffix
        self.externalID = externalID
    }
}

// The rules for the names of things in components and WIT.
extension ExternName {
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
        if let dot, letters[..<dot] == letters[(dot + 1)...] {
            letters.removeSubrange(dot...)
            prefix = ""
        }
        return prefix + String(decoding: letters, as: UTF8.self)
    }

    /// Whether `name` is a label: words of one case each, joined by single hyphens, the first of which begins with
    /// a letter. (Explainer.md, "Import and Export Definitions")
    package static func isLabel(_ name: some StringProtocol, allowsUpper: Bool = true) -> Bool {
        var isFirstWord = true
        var hasCharacter = false
        var hasUpper = false
        var hasLower = false
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "-"):
                guard hasCharacter else { return false }
                (isFirstWord, hasCharacter, hasUpper, hasLower) = (false, false, false, false)
            case 0x30...0x39:
                guard hasCharacter || !isFirstWord else { return false }
                hasCharacter = true
            case 0x61...0x7a:
                guard !hasUpper else { return false }
                (hasLower, hasCharacter) = (true, true)
            case 0x41...0x5a:
                guard allowsUpper, !hasLower else { return false }
                (hasUpper, hasCharacter) = (true, true)
            default: return false
            }
        }
        return hasCharacter
    }
}
