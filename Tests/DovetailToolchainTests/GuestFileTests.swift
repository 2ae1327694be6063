// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import DovetailToolchain
import Foundation
import Testing

@Suite("Files inside the executable")
struct GuestFileTests {
    private static let sources = TestFiles.root + "/Sources"
    private static let folders = [
        ("C", "DovetailGuest/C"), ("Concurrency", "DovetailGuest/Concurrency"), ("Swift", "DovetailGuest/Swift"),
        ("Swift", "DovetailGuest/WASI"), ("WIT", "DovetailWASI/wit/deps"), ("WIT", "DovetailHTTP/wit/deps"),
    ]

    /// The folder inside, the name, and the path below `Sources`.
    private static func expected() throws -> [(folder: String, name: String, path: String)] {
        // Interfaces that two rooms need are links in one of them.
        var known: Set<String> = []
        return try folders.flatMap { folder, path in
            try FileManager.default.contentsOfDirectory(atPath: "\(sources)/\(path)").sorted()
                .filter { $0.hasSuffix(".c") || $0.hasSuffix(".h") || $0.hasSuffix(".swift") || $0.hasSuffix(".wit") }
                .filter { known.insert("\(folder)/\($0)").inserted }
                .map { (folder, $0, "\(path)/\($0)") }
        }
    }

    @Test("are all there are")
    func list() throws {
        let files = try Self.expected()
        var text = """
            // SPDX-License-Identifier: Apache-2.0

            #include "CDovetailGuest.h"

            #pragma clang diagnostic ignored "-Wc23-extensions"

            // The compiler reads the files (`#embed`, C23). This list is made by `BLESS=1 swift test --filter GuestFileTests`.


            """
        for (index, file) in files.enumerated() {
            text += "static const unsigned char file\(index)[] = {\n#embed \"../\(file.path)\"\n};\n"
        }
        text += "\nstatic const DovetailGuestFile files[] = {\n"
        for (index, file) in files.enumerated() {
            text += "    {\"\(file.folder)/\(file.name)\", file\(index), sizeof(file\(index))},\n"
        }
        text += """
            };

            const DovetailGuestFile *dovetail_guest_files(void) { return files; }
            size_t dovetail_guest_file_count(void) { return sizeof(files) / sizeof(*files); }

            """
        let list = URL(fileURLWithPath: Self.sources + "/CDovetailGuest/GuestFiles.c")
        if ProcessInfo.processInfo.environment["BLESS"] != nil { try Data(text.utf8).write(to: list) }
        #expect(try String(decoding: Data(contentsOf: list), as: UTF8.self) == text, "run the tests with BLESS=1")
    }

    @Test("have the bytes of the sources", arguments: ["C", "Concurrency", "Swift", "WIT"])
    func bytes(_ folder: String) throws {
        let files = GuestFile.all(in: folder)
        #expect(files.count >= 7)
        for file in files {
            let known = try #require(try Self.expected().first { "\($0.folder)/\($0.name)" == file.path })
            #expect(try TestFiles.bytes("\(Self.sources)/\(known.path)") == file.bytes, "\(file.path)")
            #expect(known.name.hasPrefix(file.stem + "."))
        }
    }
}
