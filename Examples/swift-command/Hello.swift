// SPDX-License-Identifier: Apache-2.0

import DovetailGuest

extension Command.Run: Command.Run.Exports {
    static func run() throws(Empty) { print("Hello from Swift") }
}
