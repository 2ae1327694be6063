// SPDX-License-Identifier: Apache-2.0

public import DovetailTypes

/// The structure of a type that Swift code was written or generated for, without names of types.
public indirect enum TypeShape: Equatable, Sendable {
    case bool
    case s8, u8, s16, u16, s32, u32, s64, u64
    case f32, f64
    case char
    case string
    case errorContext
    case list(TypeShape)
    case fixedLengthList(TypeShape, count: Int)
    case map(key: TypeShape, value: TypeShape)
    case record([FieldShape])
    case tuple([TypeShape])
    case variant([CaseShape])
    case `enum`([String])
    case flags([String])
    case option(TypeShape)
    case result(ok: TypeShape?, error: TypeShape?)
    case own
    case borrow
    case stream(TypeShape?)
    case future(TypeShape?)
    /// A type that fits anything; its conversions check as they go.
    case any
}

/// A field of a record's shape.
public struct FieldShape: Equatable, Sendable {
    /// The label.
    public var name: String
    /// The shape of the field.
    public let shape: TypeShape

    /// Makes a field's shape.
    public init(_ name: String, _ shape: TypeShape) {
        self.name = name
        self.shape = shape
    }
}

/// A case of a variant's shape.
public struct CaseShape: Equatable, Sendable {
    /// The label.
    public var name: String
    /// The shape of the payload, if there is one.
    public var shape: TypeShape?

    /// Makes a case's shape.
    public init(_ name: String, _ shape: TypeShape? = nil) {
        self.name = name
        self.shape = shape
    }
}

extension TypeShape {
    /// How `type`, which a component declares, differs from this shape: `nil` if it does not, else a path and what was
    /// expected and found there, as `items[].price: expected u32, found string`.
    public func difference(from type: ValueType, in table: TypeTable) -> String? {
        Comparison(table: table).compare(self, type, "", depth: 0)
    }

    /// The name of the kind of type.
    public var kindName: String {
        switch self {
        case .bool: "bool"
        case .s8: "s8"
        case .u8: "u8"
        case .s16: "s16"
        case .u16: "u16"
        case .s32: "s32"
        case .u32: "u32"
        case .s64: "s64"
        case .u64: "u64"
        case .f32: "f32"
        case .f64: "f64"
        case .char: "char"
        case .string: "string"
        case .errorContext: "error-context"
        case .list: "list"
        case .fixedLengthList(_, let count): "list of \(count)"
        case .map: "map"
        case .record: "record"
        case .tuple(let parts): "tuple of \(parts.count)"
        case .variant: "variant"
        case .enum: "enum"
        case .flags: "flags"
        case .option: "option"
        case .result: "result"
        case .own: "own"
        case .borrow: "borrow"
        case .stream: "stream"
        case .future: "future"
        case .any: "any type"
        }
    }
}

private struct Comparison {
    let table: TypeTable

    func compare(_ shape: TypeShape?, _ type: ValueType?, _ path: String, depth: Int) -> String? {
        guard let shape, let type else {
            if shape == nil, type == nil { return nil }
            return mismatch(path, shape?.kindName ?? "nothing", type.map(name) ?? "nothing")
        }
        if case .any = shape { return nil }
        guard depth < CanonicalLimits.maxTypeDepth else {
            return mismatch(path, shape.kindName, "a type nested too deeply")
        }
        let next = depth + 1
        guard let kind = table.resolvedKind(of: type) else {
            let found = name(type)
            return shape.kindName == found ? nil : mismatch(path, shape.kindName, found)
        }
        switch (shape, kind) {
        case (.list(let element), .list(let found)):
            return compare(element, found, path + "[]", depth: next)
        case (.fixedLengthList(let element, let count), .fixedLengthList(let found, let foundCount))
        where count == foundCount:
            return compare(element, found, path + "[]", depth: next)
        case (.map(let key, let value), .map(let foundKey, let foundValue)):
            return compare(key, foundKey, path + "[].key", depth: next)
                ?? compare(value, foundValue, path + "[].value", depth: next)
        case (.record(let fields), .record(let found)):
            return compareLabels(fields.map(\.name), found.map(\.name), "field", path)
                ?? first(zip(fields, found)) {
                    compare($0.shape, $1.type, join(path, $0.name), depth: next)
                }
        case (.tuple(let parts), .tuple(let found)) where parts.count == found.count:
            return first(zip(parts.indices, zip(parts, found))) {
                compare($1.0, $1.1, join(path, "\($0)"), depth: next)
            }
        case (.variant(let cases), .variant(let found)):
            return compareLabels(cases.map(\.name), found.map(\.name), "case", path)
                ?? first(zip(cases, found)) {
                    compare($0.shape, $1.type, join(path, $0.name), depth: next)
                }
        case (.enum(let names), .enum(let found)): return compareLabels(names, found.map(\.name), "case", path)
        case (.flags(let names), .flags(let found)): return compareLabels(names, found.map(\.name), "flag", path)
        case (.option(let payload), .option(let found)):
            return compare(payload, found, join(path, "some"), depth: next)
        case (.result(let ok, let error), .result(let foundOK, let foundError)):
            return compare(ok, foundOK, join(path, "ok"), depth: next)
                ?? compare(error, foundError, join(path, "error"), depth: next)
        case (.own, .own), (.borrow, .borrow): return nil
        case (.stream(let element), .stream(let found)), (.future(let element), .future(let found)):
            return compare(element, found, path + "[]", depth: next)
        default: return mismatch(path, shape.kindName, name(type))
        }
    }

    private func first<Pairs: Sequence, A, B>(_ pairs: Pairs, _ body: (A, B) -> String?) -> String?
    where Pairs.Element == (A, B) {
        for (one, other) in pairs {
            if let text = body(one, other) { return text }
        }
        return nil
    }

    private func compareLabels(_ expected: [String], _ found: [String], _ what: String, _ path: String) -> String? {
        for (one, other) in zip(expected, found) where one != other {
            return mismatch(path, "\(what) `\(one)`", "\(what) `\(other)`")
        }
        guard expected.count != found.count else { return nil }
        return mismatch(path, "\(expected.count) \(what)s", "\(found.count)")
    }

    private func mismatch(_ path: String, _ expected: String, _ found: String) -> String {
        (path.isEmpty ? "" : path + ": ") + "expected \(expected), found \(found)"
    }

    private func join(_ path: String, _ name: String) -> String { path.isEmpty ? name : path + "." + name }

    private func name(_ type: ValueType) -> String {
        if let name = type.primitiveName { return name }
        return switch table.resolvedKind(of: type) {
        case .record: "record"
        case .variant: "variant"
        case .flags: "flags"
        case .enum: "enum"
        case .tuple(let parts): "tuple of \(parts.count)"
        case .option: "option"
        case .result: "result"
        case .list: "list"
        case .fixedLengthList(_, let count): "list of \(count)"
        case .map: "map"
        case .stream: "stream"
        case .future: "future"
        case .own: "own"
        case .borrow: "borrow"
        case .resource: "resource"
        case .alias, nil: table.dealiased(type).primitiveName ?? "nothing"
        }
    }
}
