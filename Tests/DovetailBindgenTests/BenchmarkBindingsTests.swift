// SPDX-License-Identifier: Apache-2.0

import DovetailBindgen
import DovetailTestSupport
import DovetailWIT
import DovetailWITReader
import Foundation
import Testing

@Suite("Bindings of the benchmarks")
struct BenchmarkBindingsTests {
    @Test("are what the generator writes", arguments: ["small", "calls", "variants", "python"])
    func same(_ name: String) throws {
        let folder = "\(TestFiles.root)/Benchmarks/Sources/Benchmarks"
        let resolution = try WIT.resolve(try WITLoader.load("\(folder)/Components/benchmarks.wit"))
        let world = try Bindgen.world(name, in: resolution.graph, root: resolution.root)
        var options = BindgenOptions()
        options.command = "BLESS=1 swift test --filter DovetailBindgenTests"
        options.typeName = "\(name.capitalized)World"
        let text = try Bindgen.generate([world], of: resolution.graph, options: options)
        let file = URL(fileURLWithPath: "\(folder)/Bindings/\(name.capitalized)World.swift")
        if ProcessInfo.processInfo.environment["BLESS"] != nil { try Data(text.utf8).write(to: file) }
        let found = try String(decoding: Data(contentsOf: file), as: UTF8.self)
        #expect(found == text, "run the tests with BLESS=1 and look at the difference")
    }
}
