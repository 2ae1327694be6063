// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

/// Turns WIT into component types. (WIT.md, "Package Format")
package enum WITEncoder {
    /// The bytes of a component whose exports are the interfaces and worlds of `package`; comments and feature gates are
    /// in a custom section beside them.
    ///
    /// - Throws: a ``BinaryError`` when the graph is not a resolved package, such as one whose types have no names, or
    ///   when types nest deeper than is accepted.
    package static func encode(
        package id: PackageID, in graph: PackageGraph, producers: ProducersSection? = nil
    ) throws(BinaryError) -> [UInt8] {
        var binary = PackageBinary()
        for (name, interface) in graph[id].interfaces {
            binary.add(name, try WITTypeEncoder.interface(interface, in: graph))
        }
        for (name, world) in graph[id].worlds { binary.add(name, try WITTypeEncoder.world(world, in: graph)) }
        binary.add(section: PackageMetadata.sectionName, PackageMetadata(of: id, in: graph).encoded())
        if let producers { binary.add(section: ProducersSection.name, producers.encoded()) }
        return binary.encoded()
    }

    /// The payload of a `component-type` section: `world` and all its types, and how strings are written.
    ///
    /// - Throws: as ``encode(package:in:producers:)``.
    package static func encode(
        world id: WorldID, in graph: PackageGraph, stringEncoding: StringEncoding = .utf8,
        producers: ProducersSection? = nil
    ) throws(BinaryError) -> [UInt8] {
        var binary = PackageBinary()
        let code: UInt8 =
            switch stringEncoding {
            case .utf8: 0
            case .utf16: 1
            case .latin1OrUTF16: 2
            }
        binary.add(section: ComponentTypeSection.encodingSectionName, [4, code])
        binary.add(graph[id].name, try WITTypeEncoder.world(id, in: graph))
        if let producers { binary.add(section: ProducersSection.name, producers.encoded()) }
        return binary.encoded()
    }
}

/// A component that exports types.
private struct PackageBinary {
    private var component = ComponentBinary(definitions: [], customSections: [], range: 0..<0)
    /// The payloads of the custom sections, one after the other.
    private var payloads: [UInt8] = []
    private var typeCount: UInt32 = 0

    mutating func add(_ name: String, _ type: ComponentTypeDefinition) {
        // The offsets keep definitions and custom sections in the order in which they are added.
        let offset = component.definitions.count + component.customSections.count
        component.definitions.append(Located(.type(type), at: offset))
        let export = ExportDefinition(
            name: ExternName(name: name), item: SortIndex(sort: .type, index: typeCount))
        component.definitions.append(Located(.export(export), at: offset + 1))
        // The export is a type, too.
        typeCount += 2
    }

    mutating func add(section name: String, _ payload: [UInt8]) {
        let start = payloads.count
        payloads += payload
        let offset = component.definitions.count + component.customSections.count
        component.customSections.append(
            CustomSection(name: name, range: start..<payloads.count, offset: offset))
    }

    func encoded() -> [UInt8] {
        ComponentEncoder.encode(component, source: payloads)
    }
}
