// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailTypes
import DovetailValidation

// Instances, aliases, imports and exports. (Binary.md)
extension ByteWriter {
    mutating func coreInstance(_ expression: CoreInstanceExpression) {
        switch expression {
        case .instantiate(let module, let arguments):
            byte(0x00)
            u32(module)
            vector(arguments) { writer, argument in
                writer.name(argument.name)
                writer.byte(CoreSort.instance.rawValue)
                writer.u32(argument.instance)
            }
        case .exports(let exports):
            byte(0x01)
            vector(exports) { writer, export in
                writer.name(export.name)
                writer.byte(export.item.sort.rawValue)
                writer.u32(export.item.index)
            }
        }
    }

    mutating func instance(_ expression: InstanceExpression) {
        switch expression {
        case .instantiate(let component, let arguments):
            byte(0x00)
            u32(component)
            vector(arguments) { writer, argument in
                writer.name(argument.name)
                writer.sortIndex(argument.item)
            }
        case .exports(let exports):
            byte(0x01)
            vector(exports) { writer, export in
                writer.externName(export.name)
                writer.sortIndex(export.item)
            }
        }
    }

    private mutating func sort(_ sort: Sort) {
        switch sort {
        case .core(let core):
            byte(0x00)
            byte(core.rawValue)
        case .function: byte(0x01)
        case .value: byte(0x02)
        case .type: byte(0x03)
        case .component: byte(0x04)
        case .instance: byte(0x05)
        }
    }

    mutating func sortIndex(_ item: SortIndex) {
        sort(item.sort)
        u32(item.index)
    }

    mutating func alias(_ alias: Alias) {
        sort(alias.sort)
        switch alias.target {
        case .export(let instance, let name):
            byte(0x00)
            u32(instance)
            self.name(name)
        case .coreExport(let instance, let name):
            byte(0x01)
            u32(instance)
            self.name(name)
        case .outer(let count, let index):
            byte(0x02)
            u32(count)
            u32(index)
        }
    }

    /// A name with its attributes. (Binary.md, `nameattributes`)
    mutating func externName(_ name: ExternName) {
        let attributes: [(code: UInt8, text: String)] = [
            (0x00, name.implements), (0x01, name.versionSuffix), (0x02, name.externalID),
        ].compactMap { code, text in text.map { (code, $0) } }
        byte(attributes.isEmpty ? 0x00 : 0x02)
        self.name(name.name)
        guard !attributes.isEmpty else { return }
        vector(attributes) { writer, attribute in
            writer.byte(attribute.code)
            writer.name(attribute.text)
        }
    }

    mutating func externType(_ type: ExternTypeReference) {
        switch type {
        case .coreModule(let index):
            byte(0x00)
            byte(CoreSort.module.rawValue)
            u32(index)
        case .function(let index):
            byte(0x01)
            u32(index)
        case .value(.equal(let index)):
            byte(0x02)
            byte(0x00)
            u32(index)
        case .value(.type(let type)):
            byte(0x02)
            byte(0x01)
            valueType(type)
        case .type(.equal(let index)):
            byte(0x03)
            byte(0x00)
            u32(index)
        case .type(.subResource):
            byte(0x03)
            byte(0x01)
        case .component(let index):
            byte(0x04)
            u32(index)
        case .instance(let index):
            byte(0x05)
            u32(index)
        }
    }
}
