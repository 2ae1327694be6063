// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTestSupport
import DovetailTypes
import DovetailWIT
import DovetailWITReader
import Testing

/// WIT packages become bytes and come back.
@Suite struct WITRoundTripTests {
    @Test("a package comes back from its bytes", arguments: WITSamples.texts.keys.sorted())
    func comesBackFromBytes(_ name: String) throws {
        let resolved = try WITSamples.resolve(try #require(WITSamples.texts[name]))
        let encoded = try WITEncoder.encode(package: resolved.root, in: resolved.graph)
        let decoded = try WITDecoder.decode(encoded)
        #expect(decoded.source == .package)
        #expect(
            WITPrinter.text(of: decoded.package, in: decoded.graph)
                == WITPrinter.text(of: resolved.root, in: resolved.graph))
        #expect(try WITEncoder.encode(package: decoded.package, in: decoded.graph) == encoded)
    }

    @Test("printed text reads back", arguments: WITSamples.texts.keys.sorted())
    func printedTextReadsBack(_ name: String) throws {
        let resolved = try WITSamples.resolve(try #require(WITSamples.texts[name]))
        let encoded = try WITEncoder.encode(package: resolved.root, in: resolved.graph)
        let decoded = try WITDecoder.decode(encoded)
        let text = WITText.text(of: decoded.package, in: decoded.graph)
        let again = try WITSamples.resolve(text)
        #expect(WITText.sortedText(of: again.graph) == WITText.sortedText(of: decoded.graph))
    }

    @Test("exported interfaces refer to each other, not to imports")
    func exportedInterfacesReferToEachOther() throws {
        // WIT.md: a used interface is an import "unless it's explicitly listed as an export".
        let resolved = try WITSamples.resolve(
            """
            package a:b;
            interface i { resource r; }
            interface j { use i.{r}; f: func() -> r; }
            world w { import i; import j; export i; export j; }
            """)
        let world = try #require(resolved.graph[resolved.root].worlds["w"])
        let encoded = try WITEncoder.encode(world: world, in: resolved.graph)
        let binary = try ComponentDecoder.decode(encoded)
        guard case .type(.component(let wrapper))? = binary.definitions.first?.value,
            case .type(.component(let declarations))? = wrapper.first?.value
        else {
            Issue.record("the world is not a component type in a component type")
            return
        }
        let aliases = declarations.compactMap { declaration -> UInt32? in
            guard case .alias(let alias) = declaration.value, case .export(let instance, "r") = alias.target else {
                return nil
            }
            return instance
        }
        #expect(aliases == [0, 2])
    }

    @Test("packages of other names and versions stay apart")
    func keepsPackagesOfOtherNamesApart() throws {
        let resolved = try WITSamples.resolve(try #require(WITSamples.texts["versions"]))
        let decoded = try WITDecoder.decode(try WITEncoder.encode(package: resolved.root, in: resolved.graph))
        #expect(
            decoded.graph.packages.map(\.name.description).sorted() == [
                "a:many", "b:c@0.1.0", "b:c@0.2.0", "b:c@1.0.0-rc.1+build",
            ])
        // What others need comes first.
        #expect(decoded.package.index == 3)
    }

    @Test("what is not a resolved package is refused")
    func refusesWhatIsNoResolvedPackage() throws {
        var graph = PackageGraph()
        let name = PackageName(namespace: "a", name: "b")
        graph.packages.append(Package(name: name))
        let resource = graph.types.append(TypeDefinition(kind: .resource))
        var interface = Interface(name: "i", package: PackageID(0))
        interface.functions["f"] = FunctionDefinition(
            name: "f", parameters: [.init(name: "x", type: .defined(graph.types.intern(.own(resource))))])
        graph.interfaces.append(interface)
        graph.packages[0].interfaces["i"] = InterfaceID(0)
        #expect(throws: BinaryError.self) { try WITEncoder.encode(package: PackageID(0), in: graph) }
    }
}
