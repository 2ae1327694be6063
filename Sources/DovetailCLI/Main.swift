// SPDX-License-Identifier: Apache-2.0

import DovetailArguments
import DovetailCommands
import DovetailSystem

/// The tool's entry: everything it does lies in the commands.
@main
struct Main {
    static func main() {
        // Before anything is opened, which would get the number of a standard stream that is closed.
        try? StandardDescriptors.fill()
        DovetailCommand.main()
    }
}
