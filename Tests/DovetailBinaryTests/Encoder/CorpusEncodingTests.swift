// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTestSupport
import DovetailTypes
import DovetailWIT
import Testing

@Suite("Encoding the corpus", .enabled(if: SharedData.isPresent, "\(SharedData.hint)"))
struct CorpusEncodingTests {
    @Test(
        "gives what was decoded",
        arguments: try Corpus.files(
            "abi", "componentize", "components", "compose", "wac", "wac-graph", "worlds", "wit-encode", "wit-parse",
            "wit-targets", "wit-tools", "wast", atLeast: 3200))
    func components(_ file: CorpusFile) throws {
        let bytes = try file.bytes()
        guard let decoded = try? ComponentDecoder.decode(bytes) else { return }
        let encoded = ComponentEncoder.encode(decoded, source: bytes)
        guard encoded != bytes else { return }
        // Bytes may differ where the original is not in its shortest form; what is decoded may not.
        let again = try ComponentDecoder.decode(encoded)
        #expect(ComponentEncoder.encode(again, source: encoded) == encoded)
        #expect(again.definitions.count == decoded.definitions.count)
    }

    @Test("gives the same bytes for most components")
    func bytes() throws {
        let components = try Corpus.files("abi", "components", atLeast: 590).compactMap { file in
            let bytes = try file.bytes()
            return (try? ComponentDecoder.decode(bytes)).map { (bytes, $0) }
        }
        let same = components.count { ComponentEncoder.encode($1, source: $0) == $0 }
        #expect(components.count > 550)
        #expect(same * 10 > components.count * 9)
    }

    @Test("as WIT gives text and bytes that read back", arguments: try Corpus.files("components", atLeast: 93))
    func wit(_ file: CorpusFile) throws {
        guard let decoded = try? WITDecoder.decode(try file.bytes()), decoded.source == .component else { return }
        let again = try WITSamples.resolve(WITText.text(of: decoded.package, in: decoded.graph))
        #expect(WITText.sortedText(of: again.graph) == WITText.sortedText(of: decoded.graph))
        let text = WITText.text(of: again.root, in: again.graph)
        let third = try WITSamples.resolve(text)
        #expect(WITText.text(of: third.root, in: third.graph) == text)
        let encoded = try WITEncoder.encode(package: decoded.package, in: decoded.graph)
        let back = try WITDecoder.decode(encoded)
        #expect(
            WITPrinter.text(of: back.package, in: back.graph)
                == WITPrinter.text(of: decoded.package, in: decoded.graph))
    }
}
