// SPDX-License-Identifier: Apache-2.0

import DovetailSystem
import DovetailTestSupport
import Testing

@Suite struct SourceTests {
    @Test("no rooms but DovetailFiles and DovetailSystem import the operating system")
    func imports() throws {
        var modules: Set = ["Glibc", "Musl", "Darwin", "Android", "CDovetailSystem", "Foundation"]
        let files = try Self.sources(below: "\(TestFiles.root)/Sources")
        #expect(files.count > 200)
        for file in files where !file.contains("/DovetailSystem/") && !file.contains("/DovetailFiles/") {
            let text = String(decoding: try Files.read(file), as: UTF8.self)
            // Systems whose Foundation is one piece have no FoundationEssentials.
            let isOnePiece = text.contains("#if canImport(FoundationEssentials)")
            if isOnePiece { modules.remove("Foundation") } else { modules.insert("Foundation") }
            for line in text.split(separator: "\n") {
                let words = line.split(separator: " ")
                guard let keyword = words.firstIndex(of: "import"), keyword <= 2 else { continue }
                #expect(!modules.contains(String(words.last ?? "")), "\(file): \(line)")
            }
        }
    }

    private static func sources(below folder: String) throws -> [String] {
        try Files.names(in: folder).flatMap { name -> [String] in
            let path = Files.join(folder, name)
            if Files.isDirectory(path) { return try sources(below: path) }
            return name.hasSuffix(".swift") ? [path] : []
        }
    }
}
