// SPDX-License-Identifier: Apache-2.0

import CDovetailZstd
import Dovetail
import DovetailPython
import DovetailSystem
import DovetailTestSupport

/// A small wheel of the same form as the real one, made by the tests.
struct SyntheticCarrier {
    let folder: ScratchFolder
    var contents: CarrierContents
    let wheel: String
    var cache: String { folder.file("cache") }

    /// - Parameter leavingOut: the frame that is missing.
    init(leavingOut missing: String? = nil) throws {
        folder = try ScratchFolder()
        let library = Array("\0asm, as far as this test is concerned".utf8)
        let archive = Tar.archive([("os.py", "import sys\n"), ("json/__init__.py", "pass\n"), ("LICENSE.txt", "PSF\n")])
        func file(_ name: String, _ bytes: [UInt8]) -> CarrierContents.File {
            CarrierContents.File(name: name, size: bytes.count, sha256: Self.hash(bytes))
        }
        let (libraryFile, archiveFile) = (file("libpython.so", library), file("stdlib.tar", archive))
        // What looks like a frame and is none, a frame that nobody wants, and those that are wanted.
        var program: [UInt8] = [0x7f, 0x28, 0xb5, 0x2f, 0xfd, 0xff, 0xff, 0x28, 0x28, 0xb5]
        program += Self.frame(Array("something else".utf8))
        for (file, bytes) in [(libraryFile, library), (archiveFile, archive)] where file.name != missing {
            program += Self.frame(bytes) + [0, 1, 2, 3]
        }
        try folder.write(program, to: "wheel/package/native.so")
        try folder.write(Array("Apache\n".utf8), to: "wheel/package.dist-info/LICENSE")
        let wheel = folder.file("package.whl")
        let zip = try ChildProcess.run(
            [
                "python3", "-m", "zipfile", "-c", wheel, folder.file("wheel/package"),
                folder.file("wheel/package.dist-info"),
            ])
        guard zip.code == 0 else { throw CaseFailure(zip.text) }
        self.wheel = wheel
        contents = CarrierContents(
            requirement: "package==1.0", platform: "any", sha256: Self.hash(try Files.read(wheel)),
            member: "package/native.so", license: "package.dist-info/LICENSE", libraries: [libraryFile],
            standardLibrary: archiveFile, pythonLicense: "LICENSE.txt", notice: "where it is from\n")
    }

    static func hash(_ bytes: [UInt8]) -> String { bytes.withUnsafeBytes(SHA256.hexadecimal) ?? "" }

    static func frame(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(bytes.count)) { buffer, count in
            count = ZSTD_compress(buffer.baseAddress, buffer.count, bytes, bytes.count, 3)
        }
    }
}

/// Writes tar archives for tests.
enum Tar {
    static func archive(_ files: [(path: String, text: String)]) -> [UInt8] {
        files.flatMap { entry($0.path, Array($0.text.utf8)) } + [UInt8](repeating: 0, count: 1024)
    }

    static func entry(_ path: String, _ content: [UInt8], kind: Character = "0") -> [UInt8] {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int) {
            for (index, byte) in text.utf8.enumerated() { header[offset + index] = byte }
        }
        func octal(_ number: Int, _ width: Int) -> String {
            let digits = String(number, radix: 8)
            return String(repeating: "0", count: width - digits.count) + digits
        }
        put(String(path.prefix(100)), at: 0)
        put("0000644", at: 100)
        put(octal(content.count, 11), at: 124)
        put("        ", at: 148)
        header[156] = kind.asciiValue ?? 0
        put("ustar", at: 257)
        put(octal(header.reduce(0) { $0 + Int($1) }, 6), at: 148)
        header[154] = 0
        let padding = (512 - content.count % 512) % 512
        return header + content + [UInt8](repeating: 0, count: padding)
    }
}
