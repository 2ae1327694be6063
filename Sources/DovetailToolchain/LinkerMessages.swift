// SPDX-License-Identifier: Apache-2.0

/// What the linker says, read.
enum LinkerMessages {
    /// The symbols that are not defined, each with the objects and functions that use it.
    static func unresolved(in text: String) -> [(name: String, users: [String])] {
        // wasm-ld: error: FILE: undefined symbol: NAME
        var result: [(name: String, users: [String])] = []
        for line in text.split(separator: "\n") {
            guard let mark = line.firstRange(of: ": undefined symbol: ") else { continue }
            let name = String(line[mark.upperBound...])
            let file = line[..<mark.lowerBound].split(separator: "/").last.map(String.init) ?? ""
            let user = file == "app.o" ? [] : [file]
            if let index = result.firstIndex(where: { $0.name == name }) {
                for user in user where !result[index].users.contains(user) { result[index].users.append(user) }
            } else {
                result.append((name, user))
            }
        }
        return result
    }
}
