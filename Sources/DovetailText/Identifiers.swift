// SPDX-License-Identifier: Apache-2.0

/// The identifiers of an index space: the names that a binary carries for people, each made unique.
struct Identifiers {
    private struct Entry {
        var identifier: String
        /// The name, where the identifier had to be another one.
        var name: String?
    }

    private var entries: [UInt32: Entry] = [:]

    /// Identifiers of nothing.
    init() {}

    /// Identifiers made of `names`, by index; the first of several equal names keeps it, others are numbered as one of `group`.
    init(_ names: [UInt32: String], group: String) {
        var used: Set<[UInt8]> = []
        for (index, name) in names.sorted(by: { $0.key < $1.key }) {
            // Equality of strings is not equality of bytes.
            if !name.isEmpty, name.utf8.first != UInt8(ascii: "#"), used.insert(Array(name.utf8)).inserted {
                entries[index] = Entry(identifier: Self.identifier(name))
            } else {
                let other = name.isEmpty ? "#\(group)\(index)" : "#\(group)\(index) \(name)"
                entries[index] = Entry(identifier: Self.identifier(other), name: name)
            }
        }
    }

    /// What a definition is referred to by: its identifier, or its number.
    func reference(_ index: UInt32) -> String { entries[index]?.identifier ?? String(index) }

    /// The identifier; `nil` for a definition without a name.
    func identifier(_ index: UInt32) -> String? { entries[index]?.identifier }

    /// Writes the identifier of a definition, where it has one.
    func declare(_ index: UInt32, _ writer: inout TextWriter) {
        guard let entry = entries[index] else { return }
        writer.put(" ")
        writer.put(entry.identifier)
        guard let name = entry.name else { return }
        writer.put(" (@name ")
        writer.quoted(name)
        writer.put(")")
    }

    /// `$name`, in quotes where it has other characters than those of identifiers. (WebAssembly 3.0, `id`)
    static func identifier(_ name: String) -> String {
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "A")...UInt8(ascii: "Z"):
                true
            default: punctuation.contains(byte)
            }
        }
        if isPlain, !name.isEmpty { return "$" + name }
        return "$" + TextWriter.quoted(name)
    }

    private static let punctuation = Set("!#$%&'*+-./:<=>?@\\^_`|~".utf8)
}
