// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes
import Testing

/// The decoder on bytes written by hand.
struct DecoderTests {
    static let preamble: [UInt8] = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00]

    static func component(_ sections: (UInt8, [UInt8])...) -> [UInt8] {
        var bytes = preamble
        for (id, payload) in sections {
            bytes.append(id)
            bytes.append(UInt8(payload.count))
            bytes += payload
        }
        return bytes
    }

    func error(_ bytes: [UInt8]) -> BinaryError? {
        do throws(BinaryError) {
            _ = try ComponentDecoder.decode(bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test("the empty component is decoded")
    func emptyComponent() throws {
        let component = try ComponentDecoder.decode(Self.preamble)
        #expect(component.definitions.isEmpty)
        #expect(component.range == 0..<8)
    }

    @Test("components, core modules, text and other files are told apart")
    func kinds() {
        #expect(ComponentDecoder.kind(of: Self.preamble) == .component)
        #expect(ComponentDecoder.kind(of: [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]) == .coreModule)
        #expect(ComponentDecoder.kind(of: Array("  (component)".utf8)) == .text)
        #expect(ComponentDecoder.kind(of: Array(";; text\n(component)".utf8)) == .text)
        #expect(ComponentDecoder.kind(of: [0x7f, 0x45, 0x4c, 0x46]) == .unknown)
        #expect(ComponentDecoder.kind(of: []) == .unknown)
    }

    @Test("a file of another kind is an error that names the kind")
    func foreignInputHasItsOwnErrors() {
        #expect(error([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])?.code == .coreModule)
        #expect(error(Array("(component)".utf8))?.code == .text)
        #expect(error([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 0])?.code == .notWebAssembly)
        #expect(error([0, 0x61, 0x73, 0x6d, 0x0c, 0, 1, 0])?.code == .unsupportedVersion)
        #expect(error([])?.code == .unexpectedEnd)
        #expect(error(Self.component((1, Self.preamble)))?.code == .component)
        #expect(error(Self.component((4, [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])))?.code == .coreModule)
    }

    @Test("an error names the offset, the section and the entry")
    func errorsNameThePlace() {
        let broken = Self.component((7, [2, 0x7f, 0x3e]))
        #expect(
            error(broken)?.description
                == "invalid leading byte 0x3e for a type (at offset 0xc, type section, entry 1)")
        let inner = Self.component((4, Self.component((11, [1, 0x07]))))
        #expect(
            error(inner)?.description
                == "invalid leading byte 0x7 for an extern name (at offset 0x15, export section, entry 0)")
    }

    @Test("every form of type is decoded")
    func typesOfEveryForm() throws {
        let component = try ComponentDecoder.decode(
            Self.component(
                (
                    7,
                    [
                        5,
                        0x72, 1, 1, 0x61, 0x79,  // record { a: u32 }
                        0x71, 1, 1, 0x61, 1, 0, 0,  // variant { a(0) }
                        0x6a, 0, 1, 0x73,  // result<_, string>
                        0x43, 1, 1, 0x78, 0x80, 0x00, 1, 0,  // async func(x: 0), the index in two bytes
                        0x42, 1, 4, 0, 1, 0x72, 3, 1,  // instance { export r: sub resource }
                    ]
                )))
        let types = component.definitions.map(\.value)
        guard case .type(.value(.record(let fields))) = types[0],
            case .type(.value(.variant(let cases))) = types[1],
            case .type(.value(.result(nil, .primitive(.string)))) = types[2],
            case .type(.function(let function)) = types[3],
            case .type(.instance(let declarations)) = types[4]
        else {
            Issue.record("unexpected types: \(types)")
            return
        }
        #expect(fields == [LabeledType(label: "a", type: .primitive(.u32))])
        #expect(cases.map(\.label) == ["a"] && cases.map(\.type) == [.index(0)])
        #expect(function.isAsync)
        #expect(function.parameters == [LabeledType(label: "x", type: .index(0))])
        guard case .export(let export) = declarations.first?.value else {
            Issue.record("expected an export declaration")
            return
        }
        #expect(export.name.name == "r" && export.name.implements == nil && export.name.externalID == nil)
        #expect(export.name.versionSuffix == nil)
        guard case .type(.subResource) = export.type else {
            Issue.record("expected a resource, found \(export.type)")
            return
        }
    }

    @Test("canonical definitions are decoded with their options")
    func canonicalDefinitions() throws {
        let component = try ComponentDecoder.decode(
            Self.component((8, [4, 0, 0, 1, 2, 0x03, 0, 0x04, 2, 3, 0x20, 0, 1, 0x2e, 5, 0x06, 1])))
        #expect(component.definitions.count == 4)
        let decoded = component.definitions.compactMap { definition -> CanonicalDefinition? in
            if case .canonical(let canonical) = definition.value { canonical } else { nil }
        }
        // They have no `==`, which nothing but this needs.
        let expected: [CanonicalDefinition] = [
            .lift(coreFunction: 1, options: CanonicalOptions(memory: 0, realloc: 2), type: 3),
            .builtin(.waitableSetWait(memory: 1)), .builtin(.streamForward(5)),
            .builtin(.subtaskCancel(isAsync: true)),
        ]
        #expect(decoded.map(String.init(describing:)) == expected.map(String.init(describing:)))
    }

    @Test(
        "the byte that once was the `cancellable` immediate has to be zero",
        arguments: [0x0c, 0x29, 0x2a, 0x2b, 0x2c, 0x2d] as [UInt8])
    func theFormerCancellableByteIsReserved(_ code: UInt8) {
        #expect(error(Self.component((8, [1, code, 0]))) == nil)
        #expect(error(Self.component((8, [1, code, 1])))?.code == .malformed)
    }

    @Test("the attributes of extern names are decoded")
    func attributes() throws {
        let name: [UInt8] = [1, 2, 1, 0x61]
        let type: [UInt8] = [5, 0]
        let component = try ComponentDecoder.decode(
            Self.component((10, name + [2, 0, 3, 0x61, 0x3a, 0x62, 2, 1, 0x78] + type)))
        guard case .import(let first) = component.definitions.first?.value else {
            Issue.record("expected an import")
            return
        }
        #expect(first.name.name == "a" && first.name.implements == "a:b" && first.name.externalID == "x")
        #expect(first.name.versionSuffix == nil)
        guard case .instance(0) = first.type else {
            Issue.record("expected instance 0, found \(first.type)")
            return
        }
        #expect(error(Self.component((10, name + [2, 2, 1, 0x78, 2, 1, 0x79] + type)))?.code == .malformed)
    }

    @Test("LEB128 numbers are decoded up to their limits and refused beyond")
    func integers() {
        // Five bytes at most, and no bits beyond the 32nd.
        #expect(error(Self.preamble + [0, 0x81, 0x80, 0x80, 0x80, 0x00, 0]) == nil)
        #expect(error(Self.preamble + [0, 0x81, 0x80, 0x80, 0x80, 0x80, 0x00, 0])?.code == .malformed)
        #expect(error(Self.preamble + [0, 0x81, 0x80, 0x80, 0x80, 0x10, 0])?.code == .malformed)
        // A negative type index.
        #expect(error(Self.component((7, [1, 0x70, 0xff, 0x7f])))?.code == .malformed)
    }

    @Test("a count that the bytes cannot hold allocates nothing")
    func untrustedCounts() {
        // Four thousand million items in a section of six bytes.
        #expect(error(Self.component((7, [0xff, 0xff, 0xff, 0xff, 0x0f])))?.code == .limit)
        #expect(error(Self.component((7, [1, 0x72, 0x8f, 0x4e])))?.code == .unexpectedEnd)
        #expect(error(Self.component((11, [1, 0, 0x7f, 0x61])))?.code == .unexpectedEnd)
    }

    @Test("nesting beyond the limit is an error")
    func nestingIsLimited() {
        // Instance types in each other, each of which declares one type.
        var type: [UInt8] = [0x7f]
        for _ in 0..<150 { type = [0x42, 0x01, 0x01] + type }
        let payload = [1] + type
        let bytes = Self.preamble + [7, UInt8(payload.count & 0x7f) | 0x80, UInt8(payload.count >> 7)] + payload
        #expect(error(bytes)?.code == .limit)
        var component = Self.preamble
        for _ in 0..<150 {
            component =
                Self.preamble + [4, UInt8(component.count & 0x7f) | 0x80, UInt8(component.count >> 7)] + component
        }
        #expect(error(component)?.code == .limit)
    }

    @Test("custom sections are kept, and names and producers are read from them")
    func customSections() throws {
        let producers: [UInt8] = [9] + Array("producers".utf8) + [1, 3] + Array("sdk".utf8) + [1, 1, 0x78, 1, 0x31]
        let names: [UInt8] =
            [14] + Array("component-name".utf8) + [0, 2, 1, 0x63] + [1, 6, 0, 0x11, 1, 0, 1, 0x6d]
        let bytes = Self.component((0, producers), (0, names))
        let component = try ComponentDecoder.decode(bytes)
        #expect(component.customSections.map(\.name) == ["producers", "component-name"])
        try bytes.withUnsafeBytes { buffer in
            let read = try #require(ProducersSection(component.customSections[0], in: buffer))
            #expect(read.fields.map(\.name) == ["sdk"])
            #expect(read.fields.first?.values.map { "\($0.name) \($0.version)" } == ["x 1"])
            let names = try #require(NameSection(component.customSections[1], in: buffer))
            #expect(names.component == "c")
            #expect(names.names == [.core(.module): [0: "m"]])
        }
    }
}
