// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailSystem
import DovetailTestSupport
import Testing

@Suite("Core modules in the cache that components import")
struct SharedModuleTests {
    @Test("a file is looked at again when it has become another, or another has taken its place")
    func changes() throws {
        try ScratchFolder.with { folder in
            let modules = try #require(SharedModules(cache: folder.path))
            let bytes = Array("a module".utf8)
            let hash = try modules.keep(bytes)
            func found() -> [UInt8]? { modules.contents(hash)?.withBytes { Array($0) } }
            for _ in 0..<2 { #expect(found() == bytes) }
            try folder.write("another!".utf8, to: "modules/new")
            try Files.rename(folder.file("modules/new"), to: modules.path(hash))
            #expect(found() == nil)
            #expect(try modules.keep(bytes) == hash)
            #expect(found() == bytes)
            try folder.write("longer than a module".utf8, to: "modules/\(hash).wasm")
            #expect(found() == nil)
            try Files.remove(modules.path(hash))
            #expect(found() == nil)
        }
    }
}
