// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailJSON

/// What `inspect` has to say of a file.
struct Inspection {
    /// An import or export.
    struct Item {
        var name: String
        /// `function`, `instance`, `type`, `value`, `module` or `component`; of a core module's item `core`.
        var kind: String
        /// The declaration in WIT syntax, in lines.
        var wit: [String]
    }

    /// A core module inside the component.
    struct Module {
        var name: String?
        var offset: Int
        var size: Int
        var code: Int
        var data: Int
        var custom: Int
        var producers: [String: [String]]
    }

    var kind: String
    var size: Int
    /// Large types without names, which the items call `$1` and so on.
    var types: [String] = []
    var imports: [Item] = []
    var exports: [Item] = []
    var modules: [Module] = []
    var nestedComponents = 0
    var producers: [String: [String]] = [:]

    /// Reads, decodes and validates `path`.
    init(_ path: String) throws {
        let bytes = try WasmFile.read(path)
        size = bytes.count
        switch bytes.withUnsafeBytes({ BinaryKind($0) }) {
        case .coreModule:
            kind = "module"
            let range = 0..<bytes.count
            modules = [try bytes.withUnsafeBytes { try Self.module(range, in: $0) }]
            let interface = try bytes.withUnsafeBytes { try CoreModuleInterface($0) }
            imports = interface.imports.map {
                Item(
                    name: "\($0.module) \($0.name)", kind: "core", wit: ["\"\($0.module)\" \"\($0.name)\": \($0.type)"])
            }
            exports = interface.exports.map {
                Item(name: $0.name, kind: "core", wit: ["\"\($0.name)\": \($0.type)"])
            }
            producers = modules[0].producers
        case .component:
            kind = "component"
            let component = try Self.validated(bytes, path)
            let text = ComponentText(component)
            types = text.types
            imports = text.imports.map { Item(name: $0.name, kind: $0.kind, wit: $0.lines) }
            exports = text.exports.map { Item(name: $0.name, kind: $0.kind, wit: $0.lines) }
            let binary = component.binary
            try bytes.withUnsafeBytes { buffer in
                for range in binary.coreModules { modules.append(try Self.module(range, in: buffer)) }
                for section in binary.customSections {
                    if let found = ProducersSection(section, in: buffer) { producers = Self.dictionary(found) }
                }
            }
            nestedComponents = Self.countComponents(binary)
        case let other: throw WasmFile.notWasm(path, other)
        }
    }

    /// The component, checked: what is not valid may mean anything.
    private static func validated(_ bytes: [UInt8], _ path: String) throws -> ValidComponent {
        do throws(BinaryError) {
            return try ComponentValidator.validate(try ComponentDecoder.decode(bytes), bytes: bytes, features: .all)
        } catch {
            throw WasmFile.Failure(description: "\(path): \(error)")
        }
    }

    private static func module(_ range: Range<Int>, in bytes: UnsafeRawBufferPointer) throws -> Module {
        let outline = try CoreModuleOutline(bytes, range: range)
        func size(_ id: UInt8) -> Int { outline.sections.filter { $0.id == id }.reduce(0) { $0 + $1.range.count } }
        let producers = outline.customSections.lazy.compactMap { ProducersSection($0, in: bytes) }.first
        let name = outline.customSections.lazy.compactMap { CoreNameSection.moduleName($0, in: bytes) }.first
        return Module(
            name: name, offset: range.lowerBound, size: range.count, code: size(10), data: size(11),
            custom: outline.customSections.reduce(0) { $0 + $1.range.count },
            producers: producers.map(dictionary) ?? [:])
    }

    private static func dictionary(_ section: ProducersSection) -> [String: [String]] {
        var result: [String: [String]] = [:]
        for field in section.fields {
            result[field.name, default: []] += field.values.map { value in
                value.version.isEmpty ? value.name : "\(value.name) \(value.version)"
            }
        }
        return result
    }

    private static func countComponents(_ binary: ComponentBinary) -> Int {
        binary.definitions.reduce(0) { count, definition in
            guard case .component(let nested) = definition.value else { return count }
            return count + 1 + countComponents(nested)
        }
    }

    // MARK: - Output

    /// One JSON object.
    func json() -> String {
        JSONTree.object([
            ("kind", .string(kind)),
            ("size", .number(size)),
            ("types", .strings(types)),
            ("imports", .array(imports.map(\.tree))),
            ("exports", .array(exports.map(\.tree))),
            ("modules", .array(modules.map(\.tree))),
            ("nestedComponents", .number(nestedComponents)),
            ("producers", .object(producers) { .strings($0) }),
        ]).text(.lines)
    }

    /// The form for people: a world, then what the file consists of.
    func text() -> String {
        var lines = ["\(kind), \(size) bytes"]
        if kind == "component" || !imports.isEmpty || !exports.isEmpty {
            lines += ["", kind == "component" ? "world root {" : "module {"]
            lines += types.map { "  " + $0 }
            for (keyword, items) in [("import", imports), ("export", exports)] {
                for item in items {
                    for (index, line) in item.wit.enumerated() {
                        lines.append("  " + (index == 0 ? "\(keyword) " : "") + line)
                    }
                }
            }
            lines.append("}")
        }
        if !modules.isEmpty {
            lines += ["", "core modules: \(modules.count), nested components: \(nestedComponents)"]
            for (index, module) in modules.enumerated() {
                lines.append(
                    "  \(index): \(module.name.map { "\($0), " } ?? "")\(module.size) bytes at 0x\(String(module.offset, radix: 16))"
                        + " (code \(module.code), data \(module.data), custom \(module.custom))")
                lines += Self.lines(module.producers, indent: "     ")
            }
        }
        if !producers.isEmpty { lines += ["", "producers:"] + Self.lines(producers, indent: "  ") }
        return lines.joined(separator: "\n")
    }

    private static func lines(_ producers: [String: [String]], indent: String) -> [String] {
        producers.sorted { $0.key < $1.key }.map { "\(indent)\($0.key): \($0.value.joined(separator: ", "))" }
    }
}

extension Inspection.Item {
    fileprivate var tree: JSONTree {
        .object([("name", .string(name)), ("kind", .string(kind)), ("wit", .strings(wit))])
    }
}

extension Inspection.Module {
    fileprivate var tree: JSONTree {
        .object([
            ("name", name.map { .string($0) }),
            ("offset", .number(offset)),
            ("size", .number(size)),
            ("code", .number(code)),
            ("data", .number(data)),
            ("custom", .number(custom)),
            ("producers", .object(producers) { .strings($0) }),
        ])
    }
}
