// SPDX-License-Identifier: Apache-2.0

import Dovetail
import Foundation
import Testing

@Suite("Names")
struct NameTests {
    /// A core module imports `f` from `é` in two spellings that Unicode calls equivalent (U+00E9; `e`, U+0301); the one gives
    /// 1, the other 2, and `g` gives ten times the first and the second. (`wasm-tools parse`, then `base64`)
    private static let spellings =
        "AGFzbQ0AAQABLwBhc20BAAAAAQUBYAABfwMCAQAHBQEBZgAACgYBBABBAQsACwRuYW1lAAQDb25lAS8AYXNtAQAAAAEFAWAAAX8DAgEABwUBAW"
        + "YAAAoGAQQAQQILAAsEbmFtZQAEA3R3bwFOAGFzbQEAAAABBQFgAAF/AhACAsOpAWYAAANlzIEBZgAAAwIBAAcFAQFnAAIKDAEKABAAQQpsEAFq"
        + "CwASBG5hbWUAAgFtAQcCAAFhAQFiAhUDAAAAAAEAAAICAsOpEgADZcyBEgEHBQFAAAB5BgcBAAABAgFnCAYBAAAAAAALBwEAAWcBAAAAMQ5jb2"
        + "1wb25lbnQtbmFtZQEQABEDAANvbmUBA3R3bwIBbQEOABIDAAJpMQECaTICAWk="

    @Test("are compared byte by byte")
    func equivalentSpellings() throws {
        let bytes = try #require(Data(base64Encoded: Self.spellings))
        let engine = try Engine()
        let component = try Component(engine: engine, bytes: Array(bytes))
        let instance = try Linker(engine: engine).instantiate(component, in: Store(engine: engine))
        #expect(try instance.function("g").call() == .u32(12))
    }
}
