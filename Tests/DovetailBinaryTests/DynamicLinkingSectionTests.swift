// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import Testing

/// The `dylink.0` section.
@Suite struct DynamicLinkingSectionTests {
    private func read(_ section: CoreCustomSection) throws -> DynamicLinkingSection? {
        var module = CoreModuleBinary()
        module.customSections = [section]
        return try DynamicLinkingSection(try CoreModuleBinary.decode(module.encoded()))
    }

    @Test("what is written is read again")
    func roundTrip() throws {
        var section = DynamicLinkingSection()
        section.memory = .init(memorySize: 300, memoryAlignment: 4, tableSize: 7, tableAlignment: 1)
        section.needed = ["libc.so", "libm.so"]
        section.exports = [.init(name: "f", flags: .weak), .init(name: "tls", flags: [.threadLocal, .absolute])]
        section.imports = [.init(module: "env", name: "g", flags: .weak)]
        section.runtimePaths = ["/lib", "/usr/lib"]
        #expect(try read(section.encoded()) == section)
        #expect(try read(DynamicLinkingSection().encoded()) == DynamicLinkingSection())
    }

    @Test("a module without the section is no library")
    func noSection() throws {
        #expect(try DynamicLinkingSection(CoreModuleBinary()) == nil)
    }

    @Test("unknown subsections are stepped over")
    func unknownSubsections() throws {
        let section = CoreCustomSection(name: "dylink.0", payload: [99, 2, 1, 2, 2, 3, 1, 1, 0x61])
        #expect(try read(section)?.needed == ["a"])
    }

    @Test(
        "damaged sections are refused",
        arguments: [
            ([1, 4, 0, 32, 0, 0], "alignment 2^32 of a library is too large"),
            ([1, 9, 0], "claims 9 bytes, only 1 follow"),
            ([2, 2, 0x80, 0x01], "needed libraries"),
            ([1, 5, 0, 0, 0, 0, 0], "subsection of `dylink.0`"),
        ] as [([UInt8], String)])
    func damagedSections(_ payload: [UInt8], _ text: String) throws {
        let section = CoreCustomSection(name: "dylink.0", payload: payload[...])
        let error = #expect(throws: BinaryError.self) { try read(section) }
        #expect(error?.description.contains(text) == true, "\(error?.description ?? "")")
    }
}
