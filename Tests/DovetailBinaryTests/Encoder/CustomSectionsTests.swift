// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import Testing

@Suite("Custom sections are removed")
struct CustomSectionsTests {
    private static func custom(_ name: String) -> [UInt8] {
        [0, UInt8(name.utf8.count + 3), UInt8(name.utf8.count)] + Array(name.utf8) + [1, 2]
    }

    private static func section(_ id: UInt8, _ content: [UInt8]) -> [UInt8] { [id, UInt8(content.count)] + content }

    private static let coreHeader: [UInt8] = [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0]
    private static let header: [UInt8] = [0, 0x61, 0x73, 0x6D, 0x0D, 0, 1, 0]
    /// One function type.
    private static let type: [UInt8] = [1, 4, 1, 0x60, 0, 0]

    /// A component with a module and a component inside, each with custom sections of some names.
    private static func component(_ names: [String]) -> [UInt8] {
        let sections = names.flatMap(custom)
        let module = coreHeader + sections + type + sections
        return header + sections + section(1, module) + section(4, header + section(1, module) + sections) + sections
    }

    @Test("from everything inside, and nothing else changes")
    func nested() throws {
        let whole = Self.component(["name", "keep"])
        #expect(try CustomSections.removed(from: whole) { _ in false } == whole)
        #expect(try CustomSections.removed(from: whole) { $0 == "name" } == Self.component(["keep"]))
        #expect(try CustomSections.removed(from: whole) { _ in true } == Self.component([]))
    }

    @Test("only where the sections are whole")
    func damaged() throws {
        let whole = Self.component(["name"])
        var refused = 0
        for count in 0..<whole.count {
            if (try? CustomSections.removed(from: Array(whole[..<count])) { _ in true }) == nil { refused += 1 }
        }
        // The ends of the sections of the root are the others.
        #expect(refused == whole.count - 4)
        #expect(throws: BinaryError.self) { try CustomSections.removed(from: Array("package a:b;".utf8)) { _ in true } }
    }

    @Test("not from components that lie in each other too deep")
    func deep() throws {
        var component = Self.header
        for _ in 0..<200 {
            var size: [UInt8] = []
            var rest = component.count
            repeat {
                size.append(UInt8(rest & 0x7f) | (rest > 0x7f ? 0x80 : 0))
                rest >>= 7
            } while rest > 0
            component = Self.header + [4] + size + component
        }
        let error = #expect(throws: BinaryError.self) { try CustomSections.removed(from: component) { _ in true } }
        #expect("\(error as Any)".contains("100"))
    }
}
