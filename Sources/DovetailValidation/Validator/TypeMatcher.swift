// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailTypes

/// Compares what is supplied with what is expected. (Explainer.md, "Type Checking")
///
/// Resources in `open` are variables of the expected side: the first resource that is supplied for one is what it stands for.
struct TypeMatcher {
    let store: CoreTypeStore
    let offset: Int
    /// The variables that stand for nothing yet.
    private var open: Set<Int>
    /// What the other variables stand for.
    private(set) var solved: [Int: ResourceReference] = [:]
    /// The value types that were supplied for the types of the same name.
    private(set) var types: [(expected: DefinedNode, supplied: DefinedNode)] = []
    private var depth = 0
    private var isInsideComponent = false

    init(store: CoreTypeStore, open: some Sequence<Int>, at offset: Int) {
        self.store = store
        self.open = Set(open)
        self.offset = offset
    }

    /// How many parts of types a comparison with a type of these facts looks at: components are copied once for each level.
    func cost(of facts: TypeFacts) -> Int {
        facts.weight > 10_000 ? facts.weight * facts.depth : facts.weight
    }

    mutating func match(_ supplied: ExternNode, _ expected: ExternNode) throws(BinaryError) {
        switch (supplied, expected) {
        case (.module(let a), .module(let b)): try match(a, b)
        case (.function(let a), .function(let b)): try match(a, b)
        case (.value(let a), .value(let b)): try match(a, b)
        case (.type(let a), .type(let b)): try match(a, b)
        case (.instance(let a), .instance(let b)): try match(a, b)
        case (.component(let a), .component(let b)): try match(a, b)
        default: throw .expected(expected.description, found: supplied.description, at: offset)
        }
    }

    mutating func match(_ supplied: TypeNode, _ expected: TypeNode) throws(BinaryError) {
        switch (supplied, expected) {
        case (.resource(let a), .resource(let b)):
            if open.remove(b.identity) != nil {
                solved[b.identity] = a
                return
            }
            try match(a, b)
        case (.value(let a), .value(let b)):
            try match(.defined(a), .defined(b))
            if !isInsideComponent { types.append((b, a)) }
        case (.function(let a), .function(let b)): try match(a, b)
        case (.instance(let a), .instance(let b)):
            open.formUnion(b.bound)
            try match(a, b)
        case (.component(let a), .component(let b)): try match(a, b)
        default: throw .expected(expected.description, found: supplied.description, at: offset)
        }
    }

    private func match(_ supplied: ResourceReference, _ expected: ResourceReference) throws(BinaryError) {
        let identity = solved[expected.identity]?.identity ?? expected.identity
        let own = solved[supplied.identity]?.identity ?? supplied.identity
        guard identity == own || supplied.identity == identity else {
            throw .typeMismatch("resource types are not the same", at: offset)
        }
    }

    mutating func match(_ supplied: InstanceNode, _ expected: InstanceNode) throws(BinaryError) {
        depth += 1
        defer { depth -= 1 }
        guard depth <= 2 * Limits.typeDepth else {
            throw .nestedTooDeeply("types", maximum: Limits.typeDepth, at: offset)
        }
        for export in expected.exports.entries {
            guard let found = supplied.exports[export.name] else {
                throw .missing("expected export `\(export.name)`", at: offset)
            }
            do throws(BinaryError) {
                try match(found, export.value)
            } catch {
                throw error.inside("export `\(export.name)`")
            }
        }
    }

    mutating func match(_ supplied: ComponentNode, _ expected: ComponentNode) throws(BinaryError) {
        depth += 1
        defer { depth -= 1 }
        guard depth <= 2 * Limits.typeDepth else {
            throw .nestedTooDeeply("types", maximum: Limits.typeDepth, at: offset)
        }
        if supplied === expected, solved.isEmpty { return }
        let wasInsideComponent = isInsideComponent
        isInsideComponent = true
        defer { isInsideComponent = wasInsideComponent }
        // The supplied component has to run with the imports that the expected one is given. Its own variables are
        // made different from those of the other side, in case both are the same type.
        var renaming: [Int: ResourceReference] = [:]
        for variable in supplied.importBound + supplied.exportBound {
            let fresh = -1 - variable - (depth << 40)
            renaming[variable] = ResourceReference(identity: fresh, alias: fresh)
        }
        var substitution = Substitution(renaming)
        let imports = substitution.apply(supplied.imports)
        let exports = substitution.apply(supplied.exports)
        open.formUnion(supplied.importBound.map { -1 - $0 - (depth << 40) })
        for item in imports.entries {
            guard let found = expected.imports[item.name] else {
                throw .missing("expected import `\(item.name)`", at: offset)
            }
            do throws(BinaryError) {
                try match(found, item.value)
            } catch {
                throw error.inside("import `\(item.name)`")
            }
        }
        open.formUnion(expected.exportBound)
        for export in expected.exports.entries {
            guard let found = exports[export.name] else {
                throw .missing("expected export `\(export.name)`", at: offset)
            }
            do throws(BinaryError) {
                try match(found, export.value)
            } catch {
                throw error.inside("export `\(export.name)`")
            }
        }
    }

    func match(_ supplied: FunctionNode, _ expected: FunctionNode) throws(BinaryError) {
        guard supplied.isAsync == expected.isAsync else {
            throw .expected(
                expected.isAsync ? "an async function" : "a function that is not async",
                found: supplied.isAsync ? "an async one" : "one that is not async", at: offset)
        }
        guard supplied.parameters.count == expected.parameters.count else {
            throw .expected(
                "\(expected.parameters.count) parameters", found: "\(supplied.parameters.count)", at: offset)
        }
        for (a, b) in zip(supplied.parameters, expected.parameters) {
            guard ExactName(a.label) == ExactName(b.label) else {
                throw .expected("parameter `\(b.label)`", found: "`\(a.label)`", at: offset)
            }
            do throws(BinaryError) {
                try match(a.type, b.type)
            } catch {
                throw error.inside("parameter `\(a.label)`")
            }
        }
        try match(supplied.result, expected.result, "the result")
    }

    private func match(_ supplied: ValueNode?, _ expected: ValueNode?, _ what: String) throws(BinaryError) {
        switch (supplied, expected) {
        case (nil, nil): return
        case (let a?, let b?):
            do throws(BinaryError) {
                try match(a, b)
            } catch {
                throw error.inside(what)
            }
        case (nil, _?): throw .expected("a type of \(what)", found: "none", at: offset)
        case (_?, nil): throw .expected("no type of \(what)", found: "one", at: offset)
        }
    }

    func match(_ supplied: ValueNode, _ expected: ValueNode) throws(BinaryError) {
        if case .defined(let a) = supplied, case .defined(let b) = expected, a === b, !a.facts.hasResource { return }
        let mismatch = BinaryError.expected(Self.word(expected.shape), found: Self.word(supplied.shape), at: offset)
        switch (supplied.shape, expected.shape) {
        case (.primitive(let a), .primitive(let b)):
            guard a == b else { throw mismatch }
        case (.record(let a), .record(let b)):
            guard a.count == b.count else { throw .expected("\(b.count) fields", found: "\(a.count)", at: offset) }
            for (one, other) in zip(a, b) {
                guard ExactName(one.label) == ExactName(other.label) else {
                    throw .expected("field `\(other.label)`", found: "`\(one.label)`", at: offset)
                }
                try match(one.type, other.type, "field `\(one.label)`")
            }
        case (.variant(let a), .variant(let b)):
            guard a.count == b.count else { throw .expected("\(b.count) cases", found: "\(a.count)", at: offset) }
            for (one, other) in zip(a, b) {
                guard ExactName(one.label) == ExactName(other.label) else {
                    throw .expected("case `\(other.label)`", found: "`\(one.label)`", at: offset)
                }
                try match(one.type, other.type, "case `\(one.label)`")
            }
        case (.list(let a), .list(let b)), (.option(let a), .option(let b)): try match(a, b)
        case (.fixedLengthList(let a, let countA), .fixedLengthList(let b, let countB)):
            guard countA == countB else { throw .expected("\(countB) elements", found: "\(countA)", at: offset) }
            try match(a, b)
        case (.tuple(let a), .tuple(let b)):
            guard a.count == b.count else { throw .expected("\(b.count) elements", found: "\(a.count)", at: offset) }
            for (one, other) in zip(a, b) { try match(one, other) }
        case (.flags(let a), .flags(let b)), (.enum(let a), .enum(let b)):
            guard a.count == b.count, zip(a, b).allSatisfy({ ExactName($0) == ExactName($1) }) else {
                throw .typeMismatch("labels of the \(Self.word(expected.shape)) differ", at: offset)
            }
        case (.result(let okA, let errorA), .result(let okB, let errorB)):
            try match(okA, okB, "the ok case")
            try match(errorA, errorB, "the error case")
        case (.own(let a), .own(let b)), (.borrow(let a), .borrow(let b)): try match(a, b)
        case (.stream(let a), .stream(let b)), (.future(let a), .future(let b)): try match(a, b, "the payload")
        case (.map(let keyA, let valueA), .map(let keyB, let valueB)):
            try match(keyA, keyB)
            try match(valueA, valueB)
        default: throw mismatch
        }
    }

    /// The constructor of a type, in a word.
    static func word(_ shape: DefinedShape) -> String {
        switch shape {
        case .primitive(let type): type.primitiveName ?? "type"
        case .record: "record"
        case .variant: "variant"
        case .list: "list"
        case .fixedLengthList: "list of fixed length"
        case .tuple: "tuple"
        case .flags: "flags"
        case .enum: "enum"
        case .option: "option"
        case .result: "result"
        case .own: "own"
        case .borrow: "borrow"
        case .stream: "stream"
        case .future: "future"
        case .map: "map"
        }
    }
}

// Core types. (WebAssembly 3.0, "Validation", "Matching")
extension TypeMatcher {
    func match(_ supplied: ModuleNode, _ expected: ModuleNode) throws(BinaryError) {
        for item in supplied.imports {
            guard let found = expected.import(item.module, item.name) else {
                throw .missing("expected import `\(item.module)::\(item.name)`", at: offset)
            }
            do throws(BinaryError) {
                try match(found.type, item.type)
            } catch {
                throw error.inside("import `\(item.module)::\(item.name)`")
            }
        }
        for export in expected.exports.entries {
            guard let found = supplied.exports[export.name] else {
                throw .missing("expected export `\(export.name)`", at: offset)
            }
            do throws(BinaryError) {
                try match(found, export.value)
            } catch {
                throw error.inside("export `\(export.name)`")
            }
        }
    }

    func match(_ supplied: CoreExternType, _ expected: CoreExternType) throws(BinaryError) {
        switch (supplied, expected) {
        case (.function(let a, let exactA), .function(let b, let exactB)):
            guard exactB ? exactA && a == b : store.isSubtype(a, b) else {
                throw .expected(text(b), found: text(a), at: offset)
            }
        case (.tag(let a), .tag(let b)):
            guard a == b else { throw .expected("a tag of \(text(b))", found: text(a), at: offset) }
        case (.table(let a), .table(let b)):
            guard a.element == b.element else { throw .typeMismatch("element types of tables differ", at: offset) }
            try match(a.limits, b.limits, "tables")
        case (.memory(let a), .memory(let b)):
            try match(a.limits, b.limits, "memories")
            guard a.pageSizeLog2 ?? 16 == b.pageSizeLog2 ?? 16 else {
                throw .typeMismatch("page sizes of memories differ", at: offset)
            }
        case (.global(let a), .global(let b)):
            guard a.isShared == b.isShared else { throw .typeMismatch("shared flags of globals differ", at: offset) }
            guard a.isMutable == b.isMutable else { throw .typeMismatch("mutability of globals differs", at: offset) }
            guard a.isMutable ? a.type == b.type : store.isSubtype(a.type, b.type) else {
                throw .typeMismatch("value types of globals differ", at: offset)
            }
        default: throw .expected("core \(expected.description)", found: "core \(supplied.description)", at: offset)
        }
    }

    private func match(_ supplied: CoreLimits, _ expected: CoreLimits, _ what: String) throws(BinaryError) {
        guard supplied.is64 == expected.is64 else {
            throw .typeMismatch("index types of \(what) differ", at: offset)
        }
        guard supplied.isShared == expected.isShared else {
            throw .typeMismatch("shared flags of \(what) differ", at: offset)
        }
        guard supplied.minimum >= expected.minimum else {
            throw .typeMismatch("limits of \(what) differ: the minimum is too small", at: offset)
        }
        if let maximum = expected.maximum {
            guard let own = supplied.maximum, own <= maximum else {
                throw .typeMismatch("limits of \(what) differ: the maximum is too large", at: offset)
            }
        }
    }

    private func text(_ id: CoreTypeStore.ID) -> String {
        store.function(id)?.description ?? "a core type that is no function"
    }
}

extension CoreFunctionType: CustomStringConvertible {
    /// The type in the text format.
    package var description: String {
        var text = "(func"
        if !parameters.isEmpty { text += " (param " + parameters.map(\.description).joined(separator: " ") + ")" }
        if !results.isEmpty { text += " (result " + results.map(\.description).joined(separator: " ") + ")" }
        return text + ")"
    }
}

extension CoreValueType: CustomStringConvertible {
    /// The type in the text format.
    package var description: String {
        switch self {
        case .i32: "i32"
        case .i64: "i64"
        case .f32: "f32"
        case .f64: "f64"
        case .v128: "v128"
        case .reference(let type): "(ref \(type.isNullable ? "null " : "")\(type.heapType))"
        }
    }
}

extension CoreHeapType: CustomStringConvertible {
    /// The type in the text format, an index apart: it is a position among all core types of the component.
    package var description: String {
        switch self {
        case .concrete: "type"
        case .exact: "exact type"
        case .abstract(let type, let isShared): isShared ? "shared \(type.word)" : type.word
        }
    }
}
