// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailValidation

/// Turns definitions into a component's bytes: the opposite of ``ComponentDecoder``. (Binary.md)
///
/// What was decoded is encoded as the same definitions; bytes differ only where the original was not in its shortest
/// form or split a section in two.
package struct ComponentEncoder {
    /// The bytes that the ranges of core modules, custom sections and values point into.
    private let source: UnsafeRawBufferPointer
    /// The core modules that are not in `source`.
    private let modules: [Range<Int>: [UInt8]]

    private init(source: UnsafeRawBufferPointer, modules: [Range<Int>: [UInt8]]) {
        self.source = source
        self.modules = modules
    }

    /// The bytes of `component`, whose ranges point into `source`; what lies outside of it counts as empty.
    ///
    /// - Parameter modules: the bytes of core modules that are taken from here, by the ranges that stand for them.
    package static func encode(
        _ component: ComponentBinary, source: UnsafeRawBufferPointer, modules: [Range<Int>: [UInt8]] = [:]
    ) -> [UInt8] {
        var writer = ByteWriter()
        let encoder = ComponentEncoder(source: source, modules: modules)
        writer.reserve(component.coreModules.reduce(1 << 12) { $0 + encoder.withModule($1) { $0.count } })
        encoder.component(component, into: &writer)
        return writer.bytes
    }

    /// The bytes of `component`; see ``encode(_:source:modules:)-(_,UnsafeRawBufferPointer,_)``.
    package static func encode(
        _ component: ComponentBinary, source: [UInt8] = [], modules: [Range<Int>: [UInt8]] = [:]
    ) -> [UInt8] {
        source.withUnsafeBytes { encode(component, source: $0, modules: modules) }
    }

    private func withModule<Result>(_ range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        modules[range].map { $0.withUnsafeBytes(body) } ?? body(bytes(range))
    }

    private func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: source[range.clamped(to: 0..<source.count)])
    }

    /// The magic number, version 0xd of layer 1.
    static let preamble: [UInt8] = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00]

    private func component(_ component: ComponentBinary, into writer: inout ByteWriter) {
        writer.raw(Self.preamble)
        var customSections = component.customSections[...]
        var open = OpenSection()
        for definition in component.definitions {
            // Custom sections keep their places between the others.
            while let custom = customSections.first, custom.offset < definition.offset {
                open.close(into: &writer)
                write(custom, to: &writer)
                customSections.removeFirst()
            }
            if case .coreModule(let range) = definition.value {
                open.close(into: &writer)
                withModule(range) { writer.section(ComponentSection.coreModule.rawValue, $0) }
                continue
            }
            let section = Self.section(of: definition.value)
            if open.section != section || !section.isVector { open.close(into: &writer) }
            open.section = section
            open.count += 1
            encode(definition.value, into: &open.content)
        }
        open.close(into: &writer)
        for custom in customSections { write(custom, to: &writer) }
    }

    private func write(_ custom: CustomSection, to writer: inout ByteWriter) {
        writer.customSection(custom.name, bytes(custom.range))
    }

    private static func section(of definition: Definition) -> ComponentSection {
        switch definition {
        case .coreModule: .coreModule
        case .coreInstance: .coreInstance
        case .coreType: .coreType
        case .component: .component
        case .instance: .instance
        case .alias: .alias
        case .type: .type
        case .canonical: .canonical
        case .start: .start
        case .import: .import
        case .export: .export
        case .value: .value
        }
    }

    private func encode(_ definition: Definition, into writer: inout ByteWriter) {
        switch definition {
        case .coreModule(let range): withModule(range) { writer.raw($0) }
        case .coreInstance(let expression): writer.coreInstance(expression)
        case .coreType(let type): writer.coreType(type)
        case .component(let nested): component(nested, into: &writer)
        case .instance(let expression): writer.instance(expression)
        case .alias(let alias): writer.alias(alias)
        case .type(let type): writer.type(type)
        case .canonical(let canonical): writer.canonical(canonical)
        case .start(let start):
            writer.u32(start.function)
            writer.vector(start.arguments) { $0.u32($1) }
            writer.u32(start.resultCount)
        case .import(let item):
            writer.externName(item.name)
            writer.externType(item.type)
        case .export(let item):
            writer.externName(item.name)
            writer.sortIndex(item.item)
            writer.boolean(item.type != nil)
            if let type = item.type { writer.externType(type) }
        case .value(let value):
            writer.valueType(value.type)
            let payload = bytes(value.range)
            writer.count(payload.count)
            writer.raw(payload)
        }
    }
}

/// A section whose definitions are still coming, if there is one.
private struct OpenSection {
    var section: ComponentSection?
    var count = 0
    var content = ByteWriter()

    mutating func close(into writer: inout ByteWriter) {
        guard let section else { return }
        if section.isVector {
            var whole = ByteWriter()
            whole.count(count)
            whole.raw(content.bytes)
            content = whole
        }
        writer.section(section.rawValue, content.bytes)
        self = OpenSection()
    }
}

extension ComponentSection {
    /// Whether the section is a vector of definitions rather than one.
    fileprivate var isVector: Bool {
        switch self {
        case .custom, .coreModule, .component, .start: false
        default: true
        }
    }
}
