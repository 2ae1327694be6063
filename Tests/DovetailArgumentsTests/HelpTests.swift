// SPDX-License-Identifier: Apache-2.0

import DovetailArguments
import Testing

@Suite struct HelpTests {
    @Test("the help of the tool lists its commands")
    func rootHelp() {
        #expect(
            Joiner.helpMessage(columns: 80) == """
                OVERVIEW: Join things.

                USAGE: joiner <subcommand>

                OPTIONS:
                  --version               Show the version.
                  -h, --help              Show this help.

                SUBCOMMANDS:
                  run                     Run a file.
                  show, display           Show a file.
                  paint
                  later
                  strict

                  See `joiner help <subcommand>` for more.
                """)
    }

    @Test("the help of a command shows its usage, options and examples")
    func commandHelp() {
        #expect(
            Joiner.helpMessage(for: Joiner.Run.self, columns: 72) == """
                OVERVIEW: Run a file.

                The guest's exit code is the exit code.

                USAGE: joiner run [<options>] <file> [<arguments> ...]

                EXAMPLES:
                  joiner run --dir . hello.wasm one two
                      Run with two arguments and the current folder.
                  joiner run --timeout 5 loop.wasm

                ARGUMENTS:
                  <file>                  The file to run.
                  <arguments>             Words for the guest.

                OPTIONS:
                  -d, --dir <dir>         Let the guest see a folder.
                  --env <env>             Set a variable.
                  --inherit-env           Hand on all variables.
                  --timeout <seconds>     Stop after so long.
                  -h, --help              Show this help.
                """)
    }

    @Test("the help of an option shows its values and its default")
    func defaultsAndValuesAreShown() {
        let help = Joiner.helpMessage(for: Joiner.Show.self, columns: 60)
        #expect(help.contains("  -f, --format <format>   The form of the result. (values:\n"))
        #expect(help.contains("                          text, json, yaml; default: text)"))
        #expect(help.contains("How wide. (default: 80)"))
        let paint = Joiner.helpMessage(for: Joiner.Paint.self, columns: 80)
        #expect(paint.contains("  --gloss/--no-gloss      Let it shine. (default: --gloss)"))
    }

    @Test("no line of help is wider than the terminal", arguments: [40, 60, 80, 200])
    func nothingIsWiderThanTheTerminal(columns: Int) {
        for line in Joiner.helpMessage(for: Joiner.Show.self, columns: columns).split(separator: "\n") {
            #expect(line.count <= columns)
        }
    }
}
