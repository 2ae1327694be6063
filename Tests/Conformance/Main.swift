// SPDX-License-Identifier: Apache-2.0

import DovetailArguments

@main
enum Main {
    static func main() { ConformanceCommand.main() }
}
