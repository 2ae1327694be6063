// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTestSupport
import DovetailTypes
import DovetailWIT
import Testing

/// Bytes that want to do harm: the decoder answers with WIT or an error, and soon.
@Suite struct HostileWITTests {
    private typealias Name = ExternName

    @Test("changed bytes give WIT or an error", arguments: WITSamples.texts.keys.sorted())
    func changedBytesNeverEndTheProcess(_ name: String) throws {
        let resolved = try WITSamples.resolve(try #require(WITSamples.texts[name]))
        let package = try WITEncoder.encode(package: resolved.root, in: resolved.graph)
        var module = CoreModuleSections.emptyModule
        for world in resolved.graph[resolved.root].worlds.values {
            module = try ComponentTypeSection.embed(world, of: resolved.graph, in: module)
        }
        var random = SeededGenerator(seed: 42)
        var decoded = 0
        for round in 0..<1_500 {
            let bytes = Mutation.changed(round % 4 == 3 ? module : package, &random)
            for features in [ComponentFeatures?.none, .all] {
                guard let wit = try? WITDecoder.decode(bytes, validating: features) else { continue }
                decoded += 1
                // What was decoded can be printed and encoded.
                #expect(!WITText.text(of: wit.package, in: wit.graph).isEmpty)
                _ = try? WITEncoder.encode(package: wit.package, in: wit.graph)
            }
        }
        #expect(decoded > 0)
    }

    private func decode(_ definitions: [Definition]) -> BinaryError.Code? {
        let bytes = ComponentEncoder.encode(
            ComponentBinary(
                definitions: definitions.map { Located($0, at: 0) }, customSections: [], range: 0..<0))
        do throws(BinaryError) {
            _ = try WITDecoder.decode(bytes, validating: nil)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("types that double with each definition are limited")
    func typesThatDoubleEachTimeAreLimited() {
        var definitions: [Definition] = [.type(.value(.tuple([.primitive(.u8)])))]
        for index in 0..<60 as Range<UInt32> {
            definitions.append(.type(.value(.tuple([.index(index), .index(index)]))))
        }
        definitions.append(
            .type(
                .function(
                    FunctionTypeDefinition(
                        isAsync: false, parameters: [LabeledType(label: "x", type: .index(60))], result: nil))))
        definitions.append(.import(ImportDefinition(name: Name(name: "f"), type: .function(61))))
        #expect(decode(definitions) == .limit)
    }

    @Test("deep types are limited")
    func deepTypesAreLimited() {
        var definitions: [Definition] = [.type(.value(.list(.primitive(.u8))))]
        for index in 0..<50_000 as Range<UInt32> { definitions.append(.type(.value(.list(.index(index))))) }
        definitions.append(
            .type(
                .function(
                    FunctionTypeDefinition(
                        isAsync: false, parameters: [], result: .index(50_000)))))
        definitions.append(.import(ImportDefinition(name: Name(name: "f"), type: .function(50_001))))
        #expect(decode(definitions) == .limit)
    }

    @Test("long chains of names are followed without recursion")
    func longChainsOfNamesAreFollowedWithoutTheStack() {
        var definitions: [Definition] = [.type(.value(.flags(["a"])))]
        for index in 0..<30_000 as Range<UInt32> {
            definitions.append(.import(ImportDefinition(name: Name(name: "n\(index)"), type: .type(.equal(index)))))
        }
        #expect(decode(definitions) == nil)
    }

    @Test("instances that double with each definition are limited")
    func instancesThatDoubleEachTimeAreLimited() {
        var definitions: [Definition] = [.type(.instance([]))]
        for index in 0..<40 as Range<UInt32> {
            let outer = Located(
                TypeDeclaration.alias(Alias(sort: .type, target: .outer(count: 1, index: index))), at: 0)
            let exports = ["a", "b"].map { name in
                Located(
                    TypeDeclaration.export(ExportDeclaration(name: Name(name: name), type: .instance(0))), at: 0)
            }
            definitions.append(.type(.instance([outer] + exports)))
        }
        definitions.append(.import(ImportDefinition(name: Name(name: "i"), type: .instance(40))))
        #expect(decode(definitions) == .limit)
    }

    @Test("components that double with each definition are limited")
    func componentsThatDoubleEachTimeAreLimited() {
        func component(_ definitions: [Definition]) -> Definition {
            .component(
                ComponentBinary(
                    definitions: definitions.map { Located($0, at: 0) }, customSections: [], range: 0..<0))
        }
        var definitions = [component([])]
        for index in 0..<40 as Range<UInt32> {
            let instance = Definition.instance(.instantiate(component: 0, arguments: []))
            let outer = Definition.alias(Alias(sort: .component, target: .outer(count: 1, index: index)))
            definitions.append(component([outer, instance, instance]))
        }
        definitions.append(.instance(.instantiate(component: 40, arguments: [])))
        #expect(decode(definitions) == .limit)
    }

    /// A package whose notes are `json` instead of its own.
    private func package(notes json: String) throws -> DecodedWIT {
        let resolved = try WITSamples.resolve("package a:b; interface i { f: func(); }")
        let encoded = try WITEncoder.encode(package: resolved.root, in: resolved.graph)
        var binary = try ComponentDecoder.decode(encoded)
        let payload = [1] + Array(json.utf8)
        binary.customSections = [
            CustomSection(
                name: "package-docs", range: encoded.count..<encoded.count + payload.count, offset: encoded.count)
        ]
        return try WITDecoder.decode(ComponentEncoder.encode(binary, source: encoded + payload))
    }

    @Test("a comment out of a binary cannot end its line")
    func commentsCannotLeaveTheirLines() throws {
        let wit = try package(
            notes: #"{"interfaces":{"i":{"docs":"one\r\ntwo\rthree\nfour\u0000\u202e","funcs":{"f":"old form"}}}}"#)
        let text = WITText.text(of: wit.package, in: wit.graph)
        #expect(
            text == """
                package a:b;

                /// one
                /// two
                /// three
                /// four\u{fffd}\u{fffd}
                interface i {
                  /// old form
                  f: func();
                }


                """)
        let again = try WITSamples.resolve(text)
        #expect(WITText.text(of: again.root, in: again.graph) == text)
    }

    @Test("feature gates that WIT cannot write are left out")
    func gatesThatWITCannotWriteAreLeftOut() throws {
        // Found by changing bytes: a feature whose name is none.
        for feature in ["inaCtive", "a) interface x {} @unstable(feature = b", ""] {
            let wit = try package(
                notes: #"{"interfaces":{"i":{"stability":{"unstable":{"feature":"\#(feature)"}}}}}"#)
            #expect(wit.graph.interfaces.first?.stability == .unknown)
        }
        let wit = try package(notes: #"{"interfaces":{"i":{"stability":{"stable":{"since":"1"}}}}}"#)
        #expect(wit.graph.interfaces.first?.stability == .unknown)
    }

    @Test("a damaged section of comments is an error")
    func brokenNotesAreAnError() throws {
        let resolved = try WITSamples.resolve("package a:b; interface i {}")
        let encoded = try WITEncoder.encode(package: resolved.root, in: resolved.graph)
        // The payload is a version and `{}`.
        let place = try #require(encoded.lastIndex(of: UInt8(ascii: "{")))
        var broken = encoded
        broken[place] = UInt8(ascii: "[")
        #expect(throws: BinaryError.self) { try WITDecoder.decode(broken) }
        broken = encoded
        broken[place - 1] = 9
        #expect(throws: BinaryError.self) { try WITDecoder.decode(broken) }
    }
}
