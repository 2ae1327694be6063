// SPDX-License-Identifier: Apache-2.0

import DovetailGuest

extension Searching.Search: Searching.Search.Exports {
    static func find(word: String, pages: [String]) async -> (StreamReader<Hit>, FutureReader<UInt32>) {
        let (writer, hits) = Searching.makeStream(of: Hit.self)
        let (missingWriter, missing) = Searching.makeFuture(of: UInt32.self, otherwise: { 0 })
        // Goes on when the streams have been returned.
        Task {
            var count: UInt32 = 0
            await withTaskGroup(of: [Hit]?.self) { group in
                for page in pages { group.addTask { await lines(of: page, with: Array(word.utf8)) } }
                for await found in group {
                    if let found { await writer.write(found) } else { count += 1 }
                    // Nobody listens any more; the calls that are under way are cancelled.
                    if writer.isClosed { group.cancelAll() }
                }
            }
            writer.drop()
            await missingWriter.write(count)
        }
        return (hits, missing)
    }

    static func count(byte: UInt8, text: StreamReader<UInt8>) async -> UInt64 {
        var count: UInt64 = 0
        while true {
            let some = await text.read(upTo: 4096)
            if some.isEmpty {
                // The end of the text, or of the caller's patience: a call that was cancelled has no result then.
                confirmCancellation()
                return count
            }
            for found in some where found == byte { count += 1 }
        }
    }

    /// The lines of a page with a word; `nil` when there is no such page, or the task is cancelled.
    private static func lines(of page: String, with word: [UInt8]) async -> [Hit]? {
        // Not `try?`, which would ask for errors of any type.
        let text: String
        do throws(ResultError<String>) {
            guard let fetched = try await Searching.Pages.fetchUnlessCancelled(name: page) else { return nil }
            text = fetched
        } catch {
            return nil
        }
        let bytes = Array(text.utf8)
        var hits: [Hit] = []
        var (number, start): (UInt32, Int) = (0, 0)
        while start <= bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != 10 { end += 1 }
            number += 1
            if contains(bytes[start..<end], word) {
                hits.append(Hit(page: page, line: number, text: String(decoding: bytes[start..<end], as: UTF8.self)))
            }
            start = end + 1
        }
        return hits
    }

    private static func contains(_ text: ArraySlice<UInt8>, _ word: [UInt8]) -> Bool {
        var rest = text
        while rest.count >= word.count {
            if rest.starts(with: word) { return true }
            rest.removeFirst()
        }
        return false
    }
}
