// SPDX-License-Identifier: Apache-2.0

/// Random WIT packages that are right: nested types, resources, uses, worlds with imports, exports and includes.
package struct RandomWIT {
    private var random: SeededGenerator
    /// The interfaces made so far, with the types that others may use.
    private var interfaces: [(name: String, types: [(name: String, isResource: Bool)])] = []
    private var worlds: [String] = []
    private var number = 0

    private init(_ random: SeededGenerator) {
        self.random = random
    }

    /// The text of a package; the same seed and case give the same text.
    package static func text(seed: Int, case number: Int) -> String {
        var generator = RandomWIT(SeededGenerator(seed: seed, case: number))
        return generator.package()
    }

    private mutating func chance(_ count: Int) -> Bool { random.oneIn(count) }

    private mutating func pick(_ names: [String]) -> String { names[random.below(names.count)] }

    /// A name that is new; some are keywords, some have capitals.
    private mutating func name() -> String {
        number += 1
        switch random.below(8) {
        case 0: return "N\(number)"
        case 1: return "x-y\(number)"
        case 2: return "A-b\(number)-C"
        default: return pick(["item", "value", "thing", "%list-of"]) + "\(number)"
        }
    }

    private mutating func package() -> String {
        var text = "package r:w\(chance(2) ? "@1.2.\(random.below(9))" : "");\n\n"
        for _ in 0..<(1 + random.below(5)) { text += interface() }
        for _ in 0..<random.below(4) { text += world() }
        return text
    }

    private func plain(_ name: String) -> String { name.hasPrefix("%") ? String(name.dropFirst()) : name }

    // MARK: - Types

    /// A type where one is used, of the names that are known.
    private mutating func type(_ known: [(name: String, isResource: Bool)], _ depth: Int = 0) -> String {
        if !known.isEmpty, chance(3) {
            let found = known[random.below(known.count)]
            // Borrows stand in parameters only.
            return found.name
        }
        if depth > 4 || chance(2) {
            return pick([
                "bool", "u8", "s8", "u16", "s16", "u32", "s32", "u64", "s64", "f32", "f64", "char", "string",
            ])
        }
        func inner(_ generator: inout RandomWIT) -> String { generator.type(known, depth + 1) }
        switch random.below(10) {
        case 0: return "option<\(inner(&self))>"
        case 1: return "result<\(inner(&self)), \(inner(&self))>"
        case 2: return pick(["result", "result<_, \(inner(&self))>", "result<\(inner(&self))>"])
        case 3: return "tuple<\((0...random.below(4)).map { _ in inner(&self) }.joined(separator: ", "))>"
        case 4: return pick(["stream<u8>", "future", "future<string>", "stream<string>"])
        case 5: return "map<\(pick(["u8", "string", "char", "bool", "s64"])), \(inner(&self))>"
        case 6: return "list<\(inner(&self)), \(1 + random.below(9))>"
        default: return "list<\(inner(&self))>"
        }
    }

    private mutating func parameters(_ known: [(name: String, isResource: Bool)]) -> String {
        var list: [String] = []
        for _ in 0..<random.below(4) {
            let resources = known.filter(\.isResource)
            let type =
                !resources.isEmpty && chance(3)
                ? "borrow<\(resources[random.below(resources.count)].name)>" : type(known)
            list.append("\(name()): \(type)")
        }
        return "(\(list.joined(separator: ", ")))"
    }

    private mutating func function(_ known: [(name: String, isResource: Bool)]) -> String {
        let result = chance(2) ? "" : " -> \(type(known))"
        return "\(chance(6) ? "async " : "")func\(parameters(known))\(result)"
    }

    /// The declaration of a type that is added to `known`.
    private mutating func declaration(_ known: inout [(name: String, isResource: Bool)]) -> String {
        let name = name()
        var isResource = false
        defer { known.append((name, isResource)) }
        func members(_ count: Int, _ text: (inout RandomWIT, String) -> String) -> String {
            (0...random.below(count)).map { _ in
                let name = self.name()
                return text(&self, name)
            }.joined(separator: ", ")
        }
        switch random.below(6) {
        case 0:
            let types = known
            return "record \(name) { \(members(5) { "\($1): \($0.type(types))" }) }"
        case 1:
            let types = known
            return "variant \(name) { \(members(5) { $0.chance(2) ? $1 : "\($1)(\($0.type(types)))" }) }"
        case 2: return "enum \(name) { \(members(6) { $1 }) }"
        case 3: return "flags \(name) { \(members(30) { $1 }) }"
        case 4:
            isResource = true
            let types = known + [(name, true)]
            var text = "resource \(name) {"
            if chance(2) { text += " constructor\(parameters(types));" }
            for _ in 0..<random.below(3) {
                text += " \(self.name()): \(chance(3) ? "static " : "")\(function(types));"
            }
            return text + " }"
        default: return "type \(name) = \(type(known.filter { !$0.isResource }));"
        }
    }

    // MARK: - Interfaces and worlds

    private mutating func uses(_ known: inout [(name: String, isResource: Bool)]) -> String {
        var text = ""
        for _ in 0..<random.below(3) {
            let usable = interfaces.filter { !$0.types.isEmpty }
            guard !usable.isEmpty else { break }
            let from = usable[random.below(usable.count)]
            let type = from.types[random.below(from.types.count)]
            let alias = name()
            text += "  use \(from.name).{\(type.name) as \(alias)};\n"
            known.append((alias, type.isResource))
        }
        return text
    }

    private mutating func interface() -> String {
        let name = name()
        var known: [(name: String, isResource: Bool)] = []
        var text = (chance(2) ? "/// About \(plain(name)).\n" : "") + "interface \(name) {\n" + uses(&known)
        for _ in 0..<random.below(6) { text += "  \(declaration(&known))\n" }
        for _ in 0..<random.below(4) { text += "  \(self.name()): \(function(known));\n" }
        interfaces.append((name, known))
        return text + "}\n\n"
    }

    private mutating func world() -> String {
        let name = name()
        var known: [(name: String, isResource: Bool)] = []
        var text = "world \(name) {\n" + uses(&known)
        for _ in 0..<random.below(3) { text += "  \(declaration(&known))\n" }
        for keyword in ["import", "export"] {
            let all = interfaces
            let chosen = all.filter { _ in chance(3) }
            // What an export uses is exported, too, or an import; not both at once.
            if keyword == "import" || chance(2) { text += chosen.map { "  \(keyword) \($0.name);\n" }.joined() }
            for _ in 0..<random.below(3) { text += "  \(keyword) \(self.name()): \(function(known));\n" }
            if chance(3) {
                var inner: [(name: String, isResource: Bool)] = []
                let declared = declaration(&inner)
                text += "  \(keyword) \(self.name()): interface { \(declared) \(self.name()): \(function(inner)); }\n"
            }
            if chance(3), let named = interfaces.last { text += "  \(keyword) \(self.name()): \(named.name);\n" }
        }
        // Included worlds may have what this one has: names of their own differ, interfaces are joined.
        if let other = worlds.last, chance(2) { text += "  include \(other);\n" }
        worlds.append(name)
        return text + "}\n\n"
    }
}
