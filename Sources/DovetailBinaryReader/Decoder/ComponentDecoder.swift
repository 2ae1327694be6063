// SPDX-License-Identifier: Apache-2.0

/// Turns a component's bytes into definitions. (Binary.md)
///
/// What comes out follows the grammar and nothing more: indices, types and names are the validator's concern.
/// Core modules are stepped over, only their section headers are looked at.
package struct ComponentDecoder {
    /// How many more definitions and declarations the file may have.
    var budget = Limits.definitions

    init() {}

    /// Decodes a whole file.
    ///
    /// - Throws: a ``BinaryError`` with offset and section when the bytes are text, a core module, of another version,
    ///   cut off, against the grammar, or larger or deeper than is accepted.
    package static func decode(_ bytes: UnsafeRawBufferPointer) throws(BinaryError) -> ComponentBinary {
        if BinaryKind(bytes) == .text { throw .text() }
        var decoder = ComponentDecoder()
        return try decoder.component(ByteReader(bytes), depth: 0)
    }

    /// Decodes a whole file; see ``decode(_:)-(UnsafeRawBufferPointer)``.
    package static func decode(_ bytes: [UInt8]) throws(BinaryError) -> ComponentBinary {
        let result = bytes.withUnsafeBytes { buffer -> Result<ComponentBinary, BinaryError> in
            do throws(BinaryError) { return .success(try decode(buffer)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// What a file seems to be, after its first bytes.
    package static func kind(of bytes: UnsafeRawBufferPointer) -> BinaryKind {
        BinaryKind(bytes)
    }

    /// What a file seems to be, after its first bytes.
    package static func kind(of bytes: [UInt8]) -> BinaryKind {
        bytes.withUnsafeBytes { BinaryKind($0) }
    }

    /// Decodes one component, which fills `reader`.
    private mutating func component(_ reader: ByteReader, depth: Int) throws(BinaryError) -> ComponentBinary {
        var reader = reader
        let range = reader.offset..<reader.end
        try reader.componentPreamble()
        var component = ComponentBinary(definitions: [], customSections: [], range: range)
        var hasStart = false
        while !reader.isAtEnd {
            let start = reader.offset
            let id = try reader.byte("a section's code")
            guard let section = ComponentSection(rawValue: id) else {
                throw .unknownSection(id, of: "component", at: start)
            }
            let size = Int(try reader.u32("the size of the \(section)"))
            let part = try reader.part(size, "the \(section)")
            if section == .start {
                guard !hasStart else {
                    throw .malformed("more than one start section; a component has at most one", at: start)
                }
                hasStart = true
            }
            do throws(BinaryError) {
                try decode(section, part, into: &component, depth: depth)
            } catch {
                throw error.inSection(section)
            }
        }
        return component
    }

    private mutating func decode(
        _ section: ComponentSection, _ part: ByteReader, into component: inout ComponentBinary, depth: Int
    ) throws(BinaryError) {
        var part = part
        let start = part.offset
        switch section {
        case .custom:
            let name = try part.name("a custom section's name")
            component.customSections.append(
                CustomSection(name: name, range: part.offset..<part.end, offset: start))
        case .coreModule:
            try spend(at: start)
            try CoreModuleOutline.check(part)
            component.definitions.append(Located(.coreModule(start..<part.end), at: start))
        case .component:
            try spend(at: start)
            guard depth < Limits.componentDepth else {
                throw .nestedTooDeeply("components", maximum: Limits.componentDepth, at: start)
            }
            component.definitions.append(Located(.component(try self.component(part, depth: depth + 1)), at: start))
        case .start:
            try spend(at: start)
            component.definitions.append(Located(.start(try part.startDefinition()), at: start))
            try part.finish("start section")
        case .coreInstance:
            try items(&part, "core instances", of: section, into: &component) { _, part throws(BinaryError) in
                .coreInstance(try part.coreInstance())
            }
        case .coreType:
            try items(&part, "core types", of: section, into: &component) { decoder, part throws(BinaryError) in
                .coreType(try decoder.coreType(&part))
            }
        case .instance:
            try items(&part, "instances", of: section, into: &component) { _, part throws(BinaryError) in
                .instance(try part.instance())
            }
        case .alias:
            try items(&part, "aliases", of: section, into: &component) { _, part throws(BinaryError) in
                .alias(try part.alias())
            }
        case .type:
            try items(&part, "types", of: section, into: &component) { decoder, part throws(BinaryError) in
                .type(try decoder.type(&part, depth: 0))
            }
        case .canonical:
            try items(&part, "canonical definitions", of: section, into: &component) { _, part throws(BinaryError) in
                .canonical(try part.canonical())
            }
        case .import:
            try items(&part, "imports", of: section, into: &component) { _, part throws(BinaryError) in
                .import(ImportDefinition(name: try part.externName(), type: try part.externType()))
            }
        case .export:
            try items(&part, "exports", of: section, into: &component) { _, part throws(BinaryError) in
                .export(try part.exportDefinition())
            }
        case .value:
            try items(&part, "values", of: section, into: &component) { _, part throws(BinaryError) in
                .value(try part.valueDefinition())
            }
        }
    }

    /// Decodes a section that is a vector of definitions.
    private mutating func items(
        _ part: inout ByteReader, _ what: String, of section: ComponentSection, into component: inout ComponentBinary,
        _ item: (inout ComponentDecoder, inout ByteReader) throws(BinaryError) -> Definition
    ) throws(BinaryError) {
        let count = try part.count(what, maximum: Limits.sectionItems)
        for entry in 0..<count {
            let start = part.offset
            do throws(BinaryError) {
                try spend(at: start)
                component.definitions.append(Located(try item(&self, &part), at: start))
            } catch {
                throw error.inEntry(entry)
            }
        }
        try part.finish("\(section)")
    }

    /// Accounts for one definition or declaration.
    mutating func spend(at offset: Int) throws(BinaryError) {
        budget -= 1
        guard budget >= 0 else { throw .limit("definitions", maximum: Limits.definitions, at: offset) }
    }
}

/// The sections of a component, with their codes. (Binary.md, "Component Definitions")
package enum ComponentSection: UInt8, CustomStringConvertible {
    case custom = 0
    case coreModule = 1
    case coreInstance = 2
    case coreType = 3
    case component = 4
    case instance = 5
    case alias = 6
    case type = 7
    case canonical = 8
    case start = 9
    case `import` = 10
    case export = 11
    case value = 12

    package var description: String {
        switch self {
        case .custom: "custom section"
        case .coreModule: "core module section"
        case .coreInstance: "core instance section"
        case .coreType: "core type section"
        case .component: "component section"
        case .instance: "instance section"
        case .alias: "alias section"
        case .type: "type section"
        case .canonical: "canon section"
        case .start: "start section"
        case .import: "import section"
        case .export: "export section"
        case .value: "value section"
        }
    }
}

extension BinaryError {
    /// Names the section, unless an inner one was named already.
    func inSection(_ section: ComponentSection) -> BinaryError {
        var error = self
        if error.where.section == nil { error.where.section = section.description }
        return error
    }

    /// Names the entry, unless an inner one was named already.
    func inEntry(_ entry: Int) -> BinaryError {
        var error = self
        if error.where.entry == nil, error.where.section == nil { error.where.entry = entry }
        return error
    }
}

extension ByteReader {
    /// The first eight bytes of a component.
    mutating func componentPreamble() throws(BinaryError) {
        let start = offset
        let (version, layer) = try preamble()
        guard layer == 1, version == 0x0d else {
            if layer == 0 { throw .coreModuleInsteadOfComponent(at: start) }
            throw .unsupportedVersion(version, layer: layer, expected: "version 0xd of layer 0x1", at: start + 4)
        }
    }

    /// The first eight bytes of a core module.
    mutating func coreModulePreamble() throws(BinaryError) {
        let start = offset
        let (version, layer) = try preamble()
        guard layer == 0, version == 1 else {
            if layer == 1 { throw .componentInsteadOfCoreModule(at: start) }
            throw .unsupportedVersion(version, layer: layer, expected: "version 0x1 of layer 0x0", at: start + 4)
        }
    }

    private mutating func preamble() throws(BinaryError) -> (version: UInt16, layer: UInt16) {
        let start = offset
        for expected: UInt8 in [0x00, 0x61, 0x73, 0x6d] {
            guard try byte("the magic number") == expected else { throw .notWebAssembly(at: start) }
        }
        return (try fixed16("the version"), try fixed16("the layer"))
    }
}
