// SPDX-License-Identifier: Apache-2.0

import Dovetail

/// Pages that take their time: one that comes first in the list comes last.
final class Library: Searching.Imports {
    struct NoSuchPage: Error {}

    private let texts = [
        "rhyme": "one fish two fish\nred fish blue fish", "menu": "soup\nfish", "letter": "dear reader",
    ]

    func fetch(name: String) async throws -> String {
        guard let text = texts[name] else { throw ResultError("there is no page `\(name)`") }
        try await Task.sleep(for: .milliseconds(name == "rhyme" ? 50 : 5))
        return text
    }
}

let engine = try Engine()
let component = try Component(engine: engine, path: CommandLine.arguments.dropFirst().first ?? "searching.wasm")
let world = try Searching(component, in: Store(engine: engine), imports: Library())

let (hits, missing) = try await world.search.find(word: "fish", pages: ["rhyme", "menu", "letter", "diary"])
for try await hit in hits { print("\(hit.page):\(hit.line): \(hit.text)") }
print("pages missing: \(try await missing.value())")

// A stream of the host's is written from any task.
let (writer, reader) = StreamReader.makeStream(of: UInt8.self)
Task {
    for _ in 0..<100 { try await writer.write(Array("a banana, ".utf8)) }
    writer.close()
}
print("times `a`: \(try await world.search.count(byte: UInt8(ascii: "a"), text: reader))")

// A call that is cancelled cancels what it waits for.
let (silent, unread) = StreamReader.makeStream(of: UInt8.self)
let call = Task { try await world.search.count(byte: 0, text: unread) }
try await silent.write([0, 1])
call.cancel()
print("cancelled: \(await call.result)")
