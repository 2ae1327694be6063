// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import DovetailToolchain
import Foundation
import Testing

@Suite("Toolchains")
struct SwiftToolchainTests {
    /// An empty file at the path of every part.
    private static let parts = [
        "bin/swiftc", "bin/clang", "bin/wasm-ld",
        "lib/swift/embedded/Swift.swiftmodule/wasm32-unknown-none-wasm.swiftmodule",
        "lib/swift/embedded/wasm32-unknown-none-wasm/libswiftUnicodeDataTables.a",
    ]

    @Test("that lack a part are refused with its path", arguments: parts)
    func missing(_ part: String) throws {
        try ScratchFolder.with { folder in
            for other in Self.parts where other != part { try folder.write([], to: other) }
            let error = #expect(throws: ToolchainError.self) { try SwiftToolchain(at: folder.path) }
            #expect(error?.code == .toolchain)
            #expect(error?.message.contains("the Swift toolchain in `\(folder.path)` has no `\(part)`, ") == true)
            #expect(error?.message.contains("install Swift 6.2 or newer from https://www.swift.org/install") == true)
            try folder.write([], to: part)
            #expect(try SwiftToolchain(at: folder.path).root == folder.path)
        }
    }

    @Test("may be named by the folder around `usr`")
    func around() throws {
        try ScratchFolder.with { folder in
            for part in Self.parts { try folder.write([], to: "usr/" + part) }
            #expect(try SwiftToolchain(at: folder.path).tool("clang") == folder.path + "/usr/bin/clang")
        }
    }
}

@Suite("The compiled runtime", .enabled(if: GuestCompiler.shared != nil, "needs Embedded Swift for wasm32"))
struct GuestRuntimeTests {
    @Test("is the same when several compile it at once, and is compiled once")
    func concurrent() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let cache = folder.path
        let found = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<2 {
                group.addTask { try GuestRuntime(SwiftToolchain.find(), GuestBuildOptions(), cache: cache).folder }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(found.count == 1)
        // Nothing else is left behind.
        let entries = try FileManager.default.contentsOfDirectory(atPath: folder.file("guest"))
        #expect(entries == found.map { URL(fileURLWithPath: $0).lastPathComponent })
        let object = try #require(found.first) + "/guest.o"
        let date = { try FileManager.default.attributesOfItem(atPath: object)[.modificationDate] as? Date }
        let before = try date()
        _ = try GuestRuntime(SwiftToolchain.find(), GuestBuildOptions(), cache: cache)
        #expect(try date() == before)
        var speed = GuestBuildOptions()
        speed.optimization = .speed
        #expect(try GuestRuntime(SwiftToolchain.find(), speed, cache: cache).folder != found.first)
    }
}
