// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import Testing

@Suite("The example in C", .enabled(if: Tool.path != nil, "the tool was not built beside the tests"))
struct CExampleTests {
    @Test("splits texts, in wasmtime too")
    func split() async throws {
        let arguments = [
            "run", "--invoke", "split(\"one fish two fish\")", TestFiles.example("word-counter/word-counter.wasm"),
        ]
        let words = #"["one", "fish", "two", "fish"]"#
        #expect(try await Tool.run(arguments).output == words + "\n")
        guard let peer = Peer.wasmtime else { return }
        #expect(try await BuiltProduct.run(peer, arguments).firstLine == words)
    }
}
