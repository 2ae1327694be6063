// SPDX-License-Identifier: Apache-2.0

import DovetailGuest

extension Reader: Reader.Exports {
    static func run() async -> [String] {
        var lines: [String] = []
        let (hits, missing) = await Reader.Search.find(word: "fish", pages: ["rhyme", "diary"])
        for await hit in hits { lines.append("\(hit.page):\(hit.line): \(hit.text)") }
        lines.append("missing \(await missing.read() ?? 99)")
        let (writer, reader) = Reader.makeStream(of: UInt8.self)
        async let count = Reader.Search.count(byte: 97, text: reader)
        for _ in 0..<100 { await writer.write(Array("a banana, ".utf8)) }
        writer.drop()
        lines.append("count \(await count)")
        return lines
    }
}
