// SPDX-License-Identifier: Apache-2.0

import DovetailArguments
import DovetailCommands

/// The tool's entry: everything it does lies in the commands.
@main
struct Main {
    static func main() { DovetailCommand.main() }
}
