// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// How types are written in Swift.
extension WorldModel {
    /// A type of the standard library or of Dovetail, with its module where something generated hides it.
    func library(_ name: String) -> String {
        let base = String(name.prefix { $0 != "." && $0 != "<" })
        guard shadowed.contains(base) else { return name }
        return (Self.swiftTypes.contains(base) ? "Swift." : "Dovetail.") + name
    }

    private static let swiftTypes: Set<String> = [
        "Bool", "Int8", "UInt8", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64", "Int", "Float", "Double",
        "String", "Unicode", "Result", "Error", "Hashable", "Sendable", "AnyObject", "Void", "Optional",
        "SendableMetatype",
    ]

    /// The name of a named type, from code in the namespace at `index`.
    func path(_ id: TypeID, _ direction: Direction, from index: Int) -> String? {
        guard let place = locate(id, direction, from: index), let name = namespaces[place].typeNames[id] else {
            return nil
        }
        if let external = namespaces[place].external { return external + "." + name }
        if place == index { return name }
        return place == 0 ? "\(self.name).\(name)" : "\(self.name).\(namespaces[place].name).\(name)"
    }

    /// The type whose values go through the canonical ABI, conforming to `Liftable` and `Lowerable`.
    func type(_ type: ValueType?, _ direction: Direction, from index: Int) -> String {
        guard let type else { return library("Empty") }
        switch type {
        case .bool: return library("Bool")
        case .s8: return library("Int8")
        case .u8: return library("UInt8")
        case .s16: return library("Int16")
        case .u16: return library("UInt16")
        case .s32: return library("Int32")
        case .u32: return library("UInt32")
        case .s64: return library("Int64")
        case .u64: return library("UInt64")
        case .f32: return library("Float")
        case .f64: return library("Double")
        case .char: return library("Unicode.Scalar")
        case .string: return library("String")
        case .errorContext: return library("ErrorContextValue")
        case .defined(let id):
            if graph.types[id].name != nil, let path = path(id, direction, from: index) { return path }
            return structure(graph.types[id].kind, direction, from: index)
        }
    }

    /// The type of that structure, without a name of its own.
    func structure(_ kind: TypeKind, _ direction: Direction, from index: Int) -> String {
        func inner(_ type: ValueType?) -> String { self.type(type, direction, from: index) }
        switch kind {
        case .option(let type): return inner(type) + "?"
        case .list(let type): return "[\(inner(type))]"
        case .map(let key, let value): return "[\(inner(key)): \(inner(value))]"
        case .fixedLengthList(let type, let count):
            fixedLengths.insert(Int(count))
            return library("FixedLengthList") + "<\(world(".Count\(count)")), \(inner(type))>"
        case .tuple(let parts): return tuple(parts.map { inner($0) })
        case .result(let ok, let error):
            return library("Result") + "<\(inner(ok)), \(self.error(error, direction, from: index))>"
        case .stream(let type): return library("StreamReader") + "<\(inner(type))>"
        case .future(let type): return library("FutureReader") + "<\(inner(type))>"
        case .own(let id): return handle(id, direction, from: index, isOwn: true)
        case .borrow(let id): return handle(id, direction, from: index, isOwn: false)
        case .alias(let type): return inner(type)
        // These always have names.
        case .record, .variant, .flags, .enum, .resource: return library("Empty")
        }
    }

    private func world(_ suffix: String) -> String { name + suffix }

    /// A tuple's type; the library has those of two to eight.
    func tuple(_ parts: [String]) -> String {
        let list = parts.joined(separator: ", ")
        if (2...8).contains(parts.count) { return library("Tuple\(parts.count)") + "<\(list)>" }
        tupleSizes.insert(parts.count)
        return world(".Tuple\(parts.count)") + "<\(list)>"
    }

    /// How a tuple value is made.
    func tupleName(_ count: Int) -> String {
        if (2...8).contains(count) { return library("Tuple\(count)") }
        tupleSizes.insert(count)
        return world(".Tuple\(count)")
    }

    /// What a `result` has in its error place: a Swift error.
    func error(_ type: ValueType?, _ direction: Direction, from index: Int) -> String {
        guard let type else { return library("Empty") }
        let name = self.type(type, direction, from: index)
        return isSwiftError(type) ? name : library("ResultError") + "<\(name)>"
    }

    /// Whether a resource is implemented by the host.
    func isHostResource(_ id: TypeID, _ direction: Direction, from index: Int) -> Bool {
        var (id, direction, index) = (id, direction, index)
        // What a world or an imported interface takes by `use` is imported, whoever speaks of it.
        while let place = locate(id, direction, from: index) {
            direction = namespaces[place].direction
            index = place
            guard case .alias(.defined(let target)) = graph.types[id].kind else { break }
            id = target
        }
        return direction == .imported
    }

    /// The name of a resource: a class for one of the component's, a protocol for one of the host's.
    func resource(_ id: TypeID, _ direction: Direction, from index: Int) -> String {
        path(id, direction, from: index) ?? path(graph.types.resource(id), direction, from: index) ?? "AnyObject"
    }

    private func handle(_ id: TypeID, _ direction: Direction, from index: Int, isOwn: Bool) -> String {
        let name = resource(id, direction, from: index)
        if isHostResource(id, direction, from: index) {
            return library(isOwn ? "HostOwn" : "HostBorrow") + "<any \(name)>"
        }
        return isOwn ? name : library("GuestBorrow") + "<\(name)>"
    }
}

/// How a type appears as a parameter or result of a function, where conversions are possible.
struct Surface {
    /// The type as it is written.
    var type: String
    /// The ABI's value out of the written one.
    var lower: (String) -> String
    /// The written value out of the ABI's.
    var lift: (String) -> String
    /// Whether ``lift`` mentions its argument more than once.
    var needsName = false
}

extension WorldModel {
    /// The form of `type` at the top level of a signature: handles are the objects themselves, tuples are Swift's.
    func surface(_ type: ValueType, _ direction: Direction, from index: Int, isParameter: Bool) -> Surface {
        let plain = self.type(type, direction, from: index)
        guard case .defined(let id) = type, graph.types[id].name == nil else {
            return Surface(type: plain, lower: { $0 }, lift: { $0 })
        }
        switch graph.types[id].kind {
        case .own(let resource):
            let name = self.resource(resource, direction, from: index)
            guard isHostResource(resource, direction, from: index) else {
                return Surface(type: (isParameter ? "consuming " : "") + name, lower: { $0 }, lift: { $0 })
            }
            let wrapper = library("HostOwn")
            return Surface(
                type: (isParameter ? "consuming " : "") + "any \(name)", lower: { "\(wrapper)(\($0))" },
                lift: { "\($0).object" })
        case .borrow(let resource):
            let name = self.resource(resource, direction, from: index)
            guard isHostResource(resource, direction, from: index) else {
                let wrapper = library("GuestBorrow")
                return Surface(type: name, lower: { "\(wrapper)(\($0))" }, lift: { "\($0).object" })
            }
            let wrapper = library("HostBorrow")
            return Surface(type: "any \(name)", lower: { "\(wrapper)(\($0))" }, lift: { "\($0).object" })
        case .tuple(let parts) where parts.count > 1:
            let name = tupleName(parts.count)
            let types = parts.map { self.type($0, direction, from: index) }
            return Surface(
                type: "(\(types.joined(separator: ", ")))",
                lower: { value in "\(name)(\(parts.indices.map { "\(value).\($0)" }.joined(separator: ", ")))" },
                lift: { value in "(\(parts.indices.map { "\(value).v\($0)" }.joined(separator: ", ")))" },
                needsName: true)
        default: return Surface(type: plain, lower: { $0 }, lift: { $0 })
        }
    }
}
