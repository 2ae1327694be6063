// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailBinary
import DovetailBindgen
import DovetailComponentize
import DovetailGuestBindgen
import DovetailTestSupport
import DovetailTypes
import DovetailWIT
import Testing

/// The component in `Guests`, compiled once in a run of the tests.
enum ProbeComponent {
    /// Whether the toolchain can compile it.
    static let isPossible = GuestCompiler.shared != nil
    static let hint: Comment = "needs Embedded Swift for wasm32"

    private static let folder = "\(TestFiles.root)/Tests/DovetailHTTPTests/Guests"
    private static let binary = BlockingWork.Once { try build() }

    static func bytes() async throws -> [UInt8] { try await binary.get() }

    private static func build() throws -> [UInt8] {
        try build("\(folder)/wit", "probe", "\(folder)/ProbeGuest.swift")
    }

    /// The component of one file of an example.
    static func build(_ name: String, of example: String, _ world: String) throws -> [UInt8] {
        let folder = TestFiles.example(example)
        return try build("\(folder)/wit", world, "\(folder)/\(name).swift")
    }

    /// The component of some code in Swift.
    static func build(_ wit: String, _ world: String, _ source: String) throws -> [UInt8] {
        let compiler = try #require(GuestCompiler.shared)
        let resolution = try WIT.resolve(
            try WITLoader.load(wit), features: .only(["informational-outbound-responses"]))
        let world = try Bindgen.world(world, in: resolution.graph, root: resolution.root)
        var options = BindgenOptions()
        options.takesWASI = false
        let bindings = try GuestBindgen.generate([world], of: resolution.graph, options: options)
        return try ScratchFolder.with { scratch in
            let file = try scratch.write(bindings.utf8, to: "Bindings.swift")
            let module = try compiler.coreModule([file, source])
            return try Componentizer.component(
                of: ComponentTypeSection.embed(world, of: resolution.graph, in: module))
        }
    }
}
