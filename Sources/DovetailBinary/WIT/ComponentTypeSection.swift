// SPDX-License-Identifier: Apache-2.0

package import DovetailBinaryReader
package import DovetailTypes
import DovetailValidation
package import DovetailWITReader

/// A `component-type` custom section of a core module: the world that the module was written for.
package struct ComponentTypeSection: Sendable {
    /// The packages around the world.
    package var wit: DecodedWIT
    /// The world.
    package var world: WorldID
    /// How the module writes strings.
    package var stringEncoding: StringEncoding
    /// Which tools made the module; it is found in the section.
    package var producers: ProducersSection?

    /// Names of such sections begin with this; tools that link modules keep sections apart by what follows.
    package static let namePrefix = WITDecoder.worldSectionPrefix
    /// The custom section in the payload that tells the string encoding.
    package static let encodingSectionName = "wit-component-encoding"

    /// Reads the payload of such a section.
    ///
    /// - Throws: a ``BinaryError`` when it is not a valid WIT package with a world.
    package static func decode(_ payload: UnsafeRawBufferPointer) throws(BinaryError) -> ComponentTypeSection {
        let binary = try ComponentDecoder.decode(payload)
        _ = try ComponentValidator.validate(binary, bytes: payload, features: .all)
        let wit = try WITDecoder.decode(binary, bytes: payload)
        guard wit.source == .package, let world = wit.world else {
            throw .notWIT("expected a package with a world in a `component-type` section", at: 0)
        }
        var encoding = StringEncoding.utf8
        if let section = binary.customSections.first(where: { $0.name == encodingSectionName }) {
            do throws(BinaryError) {
                encoding = try stringEncoding([UInt8](payload[section.range]))
            } catch {
                throw error.inside(section)
            }
        }
        let producers = binary.customSections.lazy.compactMap { ProducersSection($0, in: payload) }.first
        return ComponentTypeSection(wit: wit, world: world, stringEncoding: encoding, producers: producers)
    }

    /// The payload of such a section.
    ///
    /// - Throws: a ``BinaryError`` when the world cannot be encoded.
    package func encoded() throws(BinaryError) -> [UInt8] {
        try WITEncoder.encode(world: world, in: wit.graph, stringEncoding: stringEncoding, producers: producers)
    }

    /// `module` with a section that describes `world` of `graph`, at its end.
    ///
    /// - Throws: a ``BinaryError`` when `module` is no core module or the world cannot be encoded.
    package static func embed(
        _ world: WorldID, of graph: PackageGraph, in module: [UInt8], stringEncoding: StringEncoding = .utf8,
        producers: ProducersSection? = nil
    ) throws(BinaryError) -> [UInt8] {
        let payload = try WITEncoder.encode(
            world: world, in: graph, stringEncoding: stringEncoding, producers: producers)
        return try CoreModuleSections.adding(namePrefix, payload: payload, to: module)
    }

    private static func stringEncoding(_ bytes: [UInt8]) throws(BinaryError) -> StringEncoding {
        guard bytes.count == 2, bytes[0] == 4 else { throw .badStringEncoding(bytes) }
        switch bytes[1] {
        case 0: return .utf8
        case 1: return .utf16
        case 2: return .latin1OrUTF16
        default: throw .badStringEncoding(bytes)
        }
    }

    /// The sections of this kind in a core module, in file order.
    ///
    /// - Throws: a ``BinaryError`` when `bytes` is no core module or one of the sections cannot be read.
    package static func sections(
        ofCoreModule bytes: UnsafeRawBufferPointer
    ) throws(BinaryError) -> [ComponentTypeSection] {
        var result: [ComponentTypeSection] = []
        for section in try CoreModuleOutline(bytes).customSections where section.name.hasPrefix(namePrefix) {
            do throws(BinaryError) {
                result.append(try decode(UnsafeRawBufferPointer(rebasing: bytes[section.range])))
            } catch {
                throw error.inside(section)
            }
        }
        return result
    }
}

extension BinaryError {
    fileprivate static func badStringEncoding(_ bytes: [UInt8]) -> BinaryError {
        BinaryError(
            code: .malformed,
            message: "expected custom section `\(ComponentTypeSection.encodingSectionName)` to hold 0x4 and a string "
                + "encoding of 0x0, 0x1 or 0x2, found \(bytes.count) other bytes",
            where: .init(offset: 0, section: "custom section"))
    }
}
