// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes

extension ComponentizeError {
    static func binary(_ error: BinaryError) -> ComponentizeError {
        ComponentizeError(.input, "the module cannot be read", cause: error)
    }

    static func noWorld() -> ComponentizeError {
        ComponentizeError(
            .input, "no world is embedded in the module; name one, or embed it with `dovetail embed` first")
    }

    static func encoding(_ error: BinaryError) -> ComponentizeError {
        ComponentizeError(.world, "the world cannot be written", cause: error)
    }

    static func merging(_ error: any Error) -> ComponentizeError {
        ComponentizeError(.world, "the worlds of the modules do not fit each other", cause: error)
    }

    static func stringEncodings() -> ComponentizeError {
        ComponentizeError(.world, "the worlds that are embedded in one module have different string encodings")
    }

    static func duplicateModule(_ name: String) -> ComponentizeError {
        ComponentizeError(.input, "there are two modules named `\(name)`; give each a name of its own")
    }

    static func importIsNoFunction(_ module: String, _ name: String, _ kind: String) -> ComponentizeError {
        ComponentizeError(.name, "expected a function as import `\(name)` from `\(module)`, found a \(kind)")
    }

    static func unknownInterface(_ module: String, _ name: String) -> ComponentizeError {
        ComponentizeError(
            .name,
            "the module imports `\(name)` from `\(module)`, but the world imports no interface `\(module)`; "
                + "add it to the world, or give an adapter named `\(module)`")
    }

    static func unknownFunction(_ module: String, _ name: String, isExport: Bool = false) -> ComponentizeError {
        let what = isExport ? "exports" : "imports"
        return ComponentizeError(
            .name, "the module imports `\(name)` from `\(module)`, but what the world \(what) has no such function")
    }

    static func unknownResource(_ module: String, _ name: String) -> ComponentizeError {
        ComponentizeError(.name, "the module imports `\(name)` from `\(module)`, where no such resource is")
    }

    static func unknownPayload(_ module: String, _ name: String, _ count: Int) -> ComponentizeError {
        ComponentizeError(
            .name,
            "the module imports `\(name)` from `\(module)`, but that function has \(count) streams and futures "
                + "among its types, and this is not one of them")
    }

    static func legacyName(_ name: String) -> ComponentizeError {
        ComponentizeError(.name, "`\(name)` is a legacy name; expected one that begins with `cm32p2`")
    }

    static func unknownName(_ name: String) -> ComponentizeError {
        ComponentizeError(.name, "`\(name)` is no name of the current form for an import or export")
    }

    static func signature(
        _ name: String, of module: String?, expected: CoreFunctionType, found: CoreFunctionType
    ) -> ComponentizeError {
        let place = module.map { " from `\($0)`" } ?? ""
        return ComponentizeError(
            .signature, "wrong core signature of `\(name)`\(place): expected \(expected.text), found \(found.text)")
    }

    static func missingExport(_ name: String, for function: String) -> ComponentizeError {
        ComponentizeError(
            .missing, "the module does not export `\(name)`, which the world's export `\(function)` needs")
    }

    static func missing(_ what: String, for function: String) -> ComponentizeError {
        ComponentizeError(.missing, "`\(function)` needs \(what), which the module does not export")
    }

    static func pageSizes(_ name: String, _ found: UInt64, _ expected: UInt64) -> ComponentizeError {
        ComponentizeError(
            .layout,
            "the memory of adapter `\(name)` has pages of \(found) bytes, and that of the main module of \(expected)")
    }

    static func unsupported(_ what: String) -> ComponentizeError {
        ComponentizeError(.layout, "\(what) is not supported")
    }

    static func unbundling(_ error: BinaryError) -> ComponentizeError {
        ComponentizeError(.input, "the core modules cannot be taken out", cause: error)
    }

    // MARK: - Libraries

    static func notShared() -> ComponentizeError {
        ComponentizeError(
            .input,
            "expected a shared library, found a core module without a `dylink.0` section; link it with `-shared`")
    }

    static func missingLibraries(_ missing: [(library: String, needed: String)]) -> ComponentizeError {
        let list = missing.map { "`\($0.library)` needs library `\($0.needed)`" }.joined(separator: ", ")
        return ComponentizeError(.symbol, "libraries are missing: \(list); add them by these names")
    }

    static func unresolvedSymbols(_ symbols: [UnresolvedSymbol]) -> ComponentizeError {
        var hints: [String] = []
        if symbols.contains(where: \.isMissingFunction) {
            let isOpening = symbols.contains { ["dlopen", "dlsym", "dlclose", "dlerror"].contains($0.name) }
            hints.append(
                isOpening ? "`--use-built-in-libdl` gives `dlopen` and its like" : "add the libraries that export them")
            hints.append("`--stub-missing-functions` puts functions that trap in their place")
        }
        let hint = hints.isEmpty ? "" : "; " + hints.joined(separator: ", ")
        return ComponentizeError(
            .symbol, "unresolved symbols: " + symbols.map(\.text).joined(separator: ", ") + hint)
    }

    static func itemType(
        _ name: String, of module: String, expected: CoreItemType, found: CoreItemType
    ) -> ComponentizeError {
        ComponentizeError(
            .signature,
            "wrong type of import `\(name)` from `\(module)`: expected \(expected.text), found \(found.text)")
    }

    static func twoInitializers(_ first: String, _ second: String) -> ComponentizeError {
        ComponentizeError(.name, "the library exports both `\(first)` and `\(second)`; expected one of them")
    }

    static func twoPrograms(_ first: String, _ second: String) -> ComponentizeError {
        ComponentizeError(.name, "libraries `\(first)` and `\(second)` both export `_start`; expected one program")
    }

    static func twoSignatures(
        _ name: String, _ first: CoreFunctionType, _ second: CoreFunctionType
    ) -> ComponentizeError {
        ComponentizeError(
            .signature,
            "libraries want function `\(name)` both as \(first.text) and as \(second.text); expected one signature")
    }

    static func duplicateExport(_ name: String, _ first: String?, _ second: String?) -> ComponentizeError {
        let modules = [first, second].map { $0.map { "`\($0)`" } ?? "the main module" }
        return ComponentizeError(
            .world, "`\(name)` is exported by both \(modules[0]) and \(modules[1]); expected one of them to do it")
    }

    static func oneCanonicalName(_ word: String, _ first: String, _ second: String, _ name: String) -> ComponentizeError
    {
        ComponentizeError(
            .world,
            "\(word)s `\(first)` and `\(second)` both have the canonical name `\(name)`; expected one of them, or whole names"
        )
    }

    static func tooLarge(_ library: String) -> ComponentizeError {
        ComponentizeError(
            .layout, "the stack and the libraries up to `\(library)` need more memory or table than there can be")
    }

    // MARK: - Snapshots

    static func changesTables(_ instruction: String) -> ComponentizeError {
        ComponentizeError(
            .layout, "a snapshot cannot keep what a module does to its tables: expected no `\(instruction)` in its code"
        )
    }

    static func invalidResult(_ error: BinaryError) -> ComponentizeError {
        ComponentizeError(.result, "the component is not valid", cause: error)
    }
}

extension UnresolvedSymbol {
    fileprivate var isMissingFunction: Bool {
        if case .item(.function) = kind { found == nil } else { false }
    }

    /// Who needs what, and what there is in its place.
    fileprivate var text: String {
        switch kind {
        case .data: return "`\(library)` needs data `\(name)`"
        case .functionAddress: return "`\(library)` needs the address of function `\(name)`"
        case .item(let type):
            let wanted = "`\(library)` needs \(type.kind) `\(name)`"
            guard let found else { return "\(wanted) \(type.text)" }
            return "\(wanted): expected \(type.text), found \(found.type.text) in `\(found.library)`"
        }
    }
}

extension CoreFunctionType {
    /// The type as in the text format, with nothing left out: `(func (param i32 i32) (result i32))`.
    var text: String { description }
}
