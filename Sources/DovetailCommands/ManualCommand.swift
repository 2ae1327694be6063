// SPDX-License-Identifier: Apache-2.0

package import DovetailArguments

/// `dovetail man`
package struct ManualCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "man", abstract: "Print the manual page.",
        examples: [.init("dovetail man > /usr/local/share/man/man1/dovetail.1", "Install it.")], shouldDisplay: false)

    package init() {}

    package func run() throws { try StandardOutput.write(DovetailCommand.manualPage()) }
}
