// SPDX-License-Identifier: Apache-2.0

import DovetailGuest

extension Library.Pages: Library.Pages.Exports {
    static func fetch(name: String) async throws(ResultError<String>) -> String {
        for _ in 0..<3 { await Task.yield() }
        guard name == "rhyme" else { throw ResultError("there is no page `\(name)`") }
        return "one fish two fish\nred\nblue fish"
    }
}
