// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
package import DovetailTypes
import DovetailValidation
import DovetailWITBinary
package import DovetailWITReader

/// Turns WIT into component types. (WIT.md, "Package Format")
///
/// What it gives is valid: a package that cannot be encoded is an error about one of its items.
package enum WITEncoder {
    /// The bytes of a component whose exports are the interfaces and worlds of `package`; comments and feature gates are
    /// in a custom section beside them.
    ///
    /// - Throws: a ``BinaryError`` with its ``BinaryError/item`` when the package breaks a rule for components that WIT does
    ///   not have, is larger than what is read back, or is not resolved.
    package static func encode(
        package id: PackageID, in graph: PackageGraph, producers: ProducersSection? = nil
    ) throws(BinaryError) -> [UInt8] {
        let log = WITEncodingLog(.package(id))
        var binary = PackageBinary(log: log)
        do throws(BinaryError) {
            try check(graph[id].name, of: id)
            for (name, interface) in graph[id].interfaces {
                log.enter(.interface(interface))
                try binary.add(name, .interface(interface), try WITTypeEncoder.interface(interface, in: graph, log))
            }
            for (name, world) in graph[id].worlds {
                log.enter(.world(world))
                try binary.add(name, .world(world), try WITTypeEncoder.world(world, in: graph, log))
            }
        } catch {
            throw log.error(error)
        }
        binary.add(section: PackageMetadata.sectionName, PackageMetadata(of: id, in: graph).encoded())
        if let producers { binary.add(section: ProducersSection.name, producers.encoded()) }
        return try binary.encoded()
    }

    /// The payload of a `component-type` section: `world` and all its types, and how strings are written.
    ///
    /// - Throws: as ``encode(package:in:producers:)``.
    package static func encode(
        world id: WorldID, in graph: PackageGraph, stringEncoding: StringEncoding = .utf8,
        producers: ProducersSection? = nil
    ) throws(BinaryError) -> [UInt8] {
        let log = WITEncodingLog(.world(id))
        var binary = PackageBinary(log: log)
        let code: UInt8 =
            switch stringEncoding {
            case .utf8: 0
            case .utf16: 1
            case .latin1OrUTF16: 2
            }
        binary.add(section: ComponentTypeSection.encodingSectionName, [4, code])
        do throws(BinaryError) {
            if let package = graph[id].package { try check(graph[package].name, of: package) }
            log.enter(.world(id))
            try binary.add(graph[id].name, .world(id), try WITTypeEncoder.world(id, in: graph, log))
        } catch {
            throw log.error(error)
        }
        if let producers { binary.add(section: ProducersSection.name, producers.encoded()) }
        return try binary.encoded()
    }

    /// In WIT packages may have upper-case names, in components not. (Explainer.md, `namespace`, `words`)
    static func check(_ name: PackageName, of id: PackageID) throws(BinaryError) {
        func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5a).contains(byte) }
        guard name.namespace.utf8.contains(where: isUpper) || name.name.utf8.contains(where: isUpper) else { return }
        var error = BinaryError.upperCasePackage(name.description)
        error.item = .package(id)
        throw error
    }
}

/// A component that exports types.
private struct PackageBinary {
    let log: WITEncodingLog
    private var component = ComponentBinary(definitions: [], customSections: [], range: 0..<0)
    /// The payloads of the custom sections, one after the other.
    private var payloads: [UInt8] = []
    private var typeCount: UInt32 = 0

    init(log: WITEncodingLog) {
        self.log = log
    }

    mutating func add(_ name: String, _ item: GraphItem, _ type: ComponentTypeDefinition) throws(BinaryError) {
        // The offsets keep definitions and custom sections in the order in which they are added.
        component.definitions.append(Located(.type(type), at: log.enter(item)))
        let export = ExportDefinition(
            name: ExternName(name: name), item: SortIndex(sort: .type, index: typeCount))
        component.definitions.append(Located(.export(export), at: log.enter(item)))
        try log.countDefinition()
        // The export is a type, too.
        typeCount += 2
    }

    mutating func add(section name: String, _ payload: [UInt8]) {
        let start = payloads.count
        payloads += payload
        component.customSections.append(
            CustomSection(name: name, range: start..<payloads.count, offset: log.enter(log.first)))
    }

    func encoded() throws(BinaryError) -> [UInt8] {
        do throws(BinaryError) {
            _ = try ComponentValidator.validate(
                component, bytes: UnsafeRawBufferPointer(start: nil, count: 0), features: .all)
        } catch {
            throw log.error(error)
        }
        return ComponentEncoder.encode(component, source: payloads)
    }
}
