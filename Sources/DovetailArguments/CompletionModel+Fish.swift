// SPDX-License-Identifier: Apache-2.0

extension CompletionModel {
    /// The script for fish: one helper that finds the command of the words before the cursor, then a `complete` line per offer.
    func fishScript() -> String {
        let commands = root.all
        var walk: [String] = []
        var lines: [String] = []
        for command in commands {
            let valued = command.options.filter { $0.value != nil }.flatMap(\.names).map(\.text)
            for name in valued {
                walk.append("            case \(Self.fishQuoted("\(command.key)|\(name)"))\n                set skip 1")
            }
        }
        for command in commands {
            for child in command.children {
                for name in [child.name] + child.aliases {
                    walk.append(
                        "            case \(Self.fishQuoted("\(command.key)|\(name)"))\n                set command \(Self.fishQuoted(child.key)); set positional 0"
                    )
                }
            }
        }
        let passthrough = commands.flatMap { command in
            command.positionals.enumerated().filter(\.element.isPassthrough).map {
                "        if test \"$command\" = \(Self.fishQuoted(command.key)); and test $positional -ge \($0.offset)\n            set raw 1\n            break\n        end"
            }
        }
        for command in commands { lines += fishLines(command) }
        return """
            # fish completion for \(name)

            function \(functionName)_state
                set -l command \(Self.fishQuoted(name))
                set -l positional 0
                set -l skip 0
                set -l raw 0
                for word in (commandline -opc)[2..-1] ''
            \(passthrough.joined(separator: "\n"))
                    if test -z "$word"
                        break
                    end
                    if test $skip = 1
                        set skip 0
                        continue
                    end
                    switch "$command|$word"
            \(walk.joined(separator: "\n"))
                        case '*|-*'
                        case '*'
                            set positional (math $positional + 1)
                    end
                end
                if test $raw = 1
                    echo "$command|raw"
                else
                    echo "$command|$positional"
                end
            end

            function \(functionName)_at
                contains -- (\(functionName)_state) $argv
            end

            function \(functionName)_in
                set -l state (\(functionName)_state)
                string match -q -- "$argv[1]|*" $state; and not string match -q -- '*|raw' $state
            end

            complete -c \(name) -f
            \(lines.joined(separator: "\n"))
            """
    }

    private func fishLines(_ command: Command) -> [String] {
        var lines: [String] = []
        let inside = Self.fishQuoted("\(functionName)_in \(Self.fishQuoted(command.key))")
        for option in command.options {
            var line = "complete -c \(name) -n \(inside)"
            for name in option.names {
                switch name {
                case .short(let character): line += " -s \(Self.fishQuoted(String(character)))"
                case .long(let text): line += " -l \(Self.fishQuoted(text))"
                case .longWithSingleDash(let text): line += " -o \(Self.fishQuoted(text))"
                }
            }
            if let value = option.value { line += Self.fishAction(value, isOption: true) }
            lines.append(line + " -d \(Self.fishQuoted(option.help))")
        }
        func at(_ place: String) -> String {
            Self.fishQuoted("\(functionName)_at \(Self.fishQuoted("\(command.key)|\(place)"))")
        }
        for (index, positional) in command.positionals.enumerated() {
            if positional.isPassthrough {
                lines.append("complete -c \(name) -n \(at("raw")) -F")
            } else if positional.repeats {
                lines.append(
                    "complete -c \(name) -n \(inside)\(Self.fishAction(positional.completion, isOption: false))")
            } else {
                lines.append(
                    "complete -c \(name) -n \(at("\(index)"))\(Self.fishAction(positional.completion, isOption: false))"
                )
            }
        }
        for child in command.children {
            lines.append(
                "complete -c \(name) -n \(at("0")) -a \(Self.fishQuoted(child.name)) -d \(Self.fishQuoted(child.abstract))"
            )
        }
        return lines
    }

    private static func fishAction(_ completion: CompletionKind.Kind, isOption: Bool) -> String {
        let required = isOption ? " -r" : ""
        switch completion {
        case .default: return required + " -f"
        case .list(let words): return required + " -f -a \(fishQuoted(words.joined(separator: " ")))"
        case .file(let extensions):
            if extensions.isEmpty { return required + " -F" }
            let calls = extensions.map { "__fish_complete_suffix .\($0)" }.joined(separator: "; ")
            return required + " -f -a \(fishQuoted("(\(calls))"))"
        case .directory: return required + " -f -a \(fishQuoted("(__fish_complete_directories)"))"
        case .shellCommand(let command): return required + " -f -a \(fishQuoted("(\(command))"))"
        }
    }

    private static func fishQuoted(_ text: String) -> String {
        "'" + text.map { $0 == "'" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "'"
    }
}
