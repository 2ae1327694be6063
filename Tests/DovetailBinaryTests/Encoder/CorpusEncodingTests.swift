// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes
import DovetailWIT
import Foundation
import Testing

/// The components of the corpus, encoded again and as WIT.
@Suite(.enabled(if: Corpus.isAvailable, "the conformance data is not beside the package"))
struct CorpusEncodingTests {
    private func bytes(_ file: URL) throws -> [UInt8] { [UInt8](try Data(contentsOf: file)) }

    @Test func everyComponentComesBackFromBytes() throws {
        var same = 0
        var total = 0
        let root = try #require(Corpus.root)
        for file in Corpus.files(in: root, ending: ".wasm") {
            let bytes = try bytes(file)
            guard let decoded = try? ComponentDecoder.decode(bytes) else { continue }
            total += 1
            let encoded = ComponentEncoder.encode(decoded, source: bytes)
            if encoded == bytes {
                same += 1
                continue
            }
            // Bytes may differ where the original is not in its shortest form; what is decoded may not.
            let again = try ComponentDecoder.decode(encoded)
            #expect(ComponentEncoder.encode(again, source: encoded) == encoded, "\(file.path)")
            #expect(again.definitions.count == decoded.definitions.count, "\(file.path)")
        }
        print("encode: \(total) components, \(same) of them byte for byte")
        #expect(total > 2_000)
        #expect(same * 10 > total * 9)
    }

    @Test func theWITOfEveryPrebuiltComponentReadsBack() throws {
        var total = 0
        let root = try #require(Corpus.root).appendingPathComponent("components")
        for file in Corpus.files(in: root, ending: ".wasm") {
            guard let decoded = try? WITDecoder.decode(try bytes(file)), decoded.source == .component else { continue }
            total += 1
            let again = try WITSamples.resolve(WITSamples.text(of: decoded.package, in: decoded.graph))
            #expect(
                WITSamples.sortedText(of: again.graph) == WITSamples.sortedText(of: decoded.graph), "\(file.path)")
            let text = WITSamples.text(of: again.root, in: again.graph)
            let third = try WITSamples.resolve(text)
            #expect(WITSamples.text(of: third.root, in: third.graph) == text, "\(file.path)")
            let encoded = try WITEncoder.encode(package: decoded.package, in: decoded.graph)
            let back = try WITDecoder.decode(encoded)
            #expect(
                WITPrinter.text(of: back.package, in: back.graph)
                    == WITPrinter.text(of: decoded.package, in: decoded.graph), "\(file.path)")
        }
        print("WIT of \(total) components")
        #expect(total > 80)
    }
}
