// SPDX-License-Identifier: Apache-2.0

import DovetailBinary

/// Imports that a core module has several times: WebAssembly allows it, in a component names are unique.
enum DuplicateImports {
    private struct Key: Hashable {
        var module: String
        var name: String
    }

    /// `module` with one import in place of equal ones; the module itself when it has none, or cannot be read.
    ///
    /// The functions get other indices: names of functions would be wrong, and are left out then.
    ///
    /// - Throws: a ``BinaryError`` when code cannot be read.
    static func merged(in module: [UInt8]) throws(BinaryError) -> [UInt8] {
        guard let imports = try? module.withUnsafeBytes({ try CoreModuleInterface($0) }).imports,
            let replacements = replacements(imports), !replacements.isEmpty
        else { return module }
        var binary = try CoreModuleBinary.decode(module)
        var removed = 0
        // Where a function is found afterwards, for each import.
        var functions: [UInt32] = []
        for (position, item) in binary.imports.enumerated() where item.type.sort == .function {
            if let first = replacements[position] {
                functions.append(functions[first])
                removed += 1
            } else {
                functions.append(UInt32(functions.count - removed))
            }
        }
        try binary.mapIndices { space, index throws(BinaryError) in
            guard space == .function else { return index }
            return Int(index) < functions.count ? functions[Int(index)] : index - UInt32(removed)
        }
        binary.imports = binary.imports.enumerated().filter { replacements[$0.offset] == nil }.map(\.element)
        binary.customSections.removeAll { $0.name == "name" }
        return binary.encoded()
    }

    /// By the position of an import that was there before, the index of the function it was; `nil` where types differ, which
    /// nobody can satisfy.
    private static func replacements(_ imports: [CoreModuleInterface.Item]) -> [Int: Int]? {
        var known: [Key: (function: Int, type: String)] = [:]
        var result: [Int: Int] = [:]
        var function = 0
        for (position, item) in imports.enumerated() where item.type.hasPrefix("(func") {
            let key = Key(module: item.module, name: item.name)
            if let first = known[key] {
                guard first.type == item.type else { return nil }
                result[position] = first.function
            } else {
                known[key] = (function, item.type)
            }
            function += 1
        }
        return result
    }
}
