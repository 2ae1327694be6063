// SPDX-License-Identifier: Apache-2.0

extension CompletionModel {
    /// The script for zsh: a function per command, on top of `_arguments`. It can be put into `$fpath` or sourced.
    func zshScript() -> String {
        let functions = root.all.map(zshFunction).joined(separator: "\n\n")
        return """
            #compdef \(name)
            # zsh completion for \(name)

            \(functions)

            if [[ "${funcstack[1]}" == \(shellQuoted(functionName)) ]]; then
                \(functionName) "$@"
            else
                compdef \(functionName) \(name)
            fi
            """
    }

    private func zshFunctionName(_ command: Command) -> String {
        let rest = command.path.dropFirst().map {
            "_" + $0.map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined()
        }
        return functionName + rest.joined()
    }

    private func zshFunction(_ command: Command) -> String {
        var arguments: [String] = command.options.map(Self.zshOption)
        // A passthrough ends the options: everything after belongs to somebody else.
        let stops = command.positionals.contains(where: \.isPassthrough)
        for (index, positional) in command.positionals.enumerated() {
            let action = Self.zshAction(positional.completion)
            let place = positional.repeats ? "*" + (positional.isPassthrough ? "::" : ":") : "\(index + 1):"
            let kind = positional.isPassthrough ? "_files" : action
            arguments.append(shellQuoted("\(place)\(Self.zshEscaped(positional.name)):\(kind)"))
        }
        if !command.children.isEmpty {
            arguments.append("'1:command:->command'")
            arguments.append("'*::argument:->argument'")
        }
        let list = arguments.map { "        \($0)" }.joined(separator: " \\\n")
        var lines = [
            "\(zshFunctionName(command))() {", "    local context state state_descr line ret=1",
            "    typeset -A opt_args",
            "    _arguments -C -s -S \(stops ? "-A '-*' " : "")\\\n\(list) && ret=0",
        ]
        if !command.children.isEmpty {
            let described = command.children.map { shellQuoted("\($0.name):\($0.abstract)") }
            let branches = command.children.map { child in
                let names = ([child.name] + child.aliases).map(shellQuoted).joined(separator: " | ")
                return "                \(names)) \(zshFunctionName(child)) && ret=0 ;;"
            }
            lines += [
                "    case $state in", "        command)", "            local -a commands",
                "            commands=(\(described.joined(separator: " ")) 'help:Show help.')",
                "            _describe 'command' commands && ret=0 ;;", "        argument)",
                "            case $line[1] in",
            ]
            lines += branches + ["            esac ;;", "    esac"]
        }
        return (lines + ["    return ret", "}"]).joined(separator: "\n")
    }

    private static func zshOption(_ option: Option) -> String {
        let text = "[\(zshEscaped(option.help))]"
        let value = option.value.map { ":\(zshEscaped(option.valueName)):\(zshAction($0))" } ?? ""
        return option.names.map { name in
            let others =
                option.repeats
                ? "*"
                : option.names.count > 1
                    ? "(\(option.names.map(\.text).joined(separator: " ")))" : ""
            let suffix = option.value == nil ? "" : name.isShort ? "+" : "="
            return shellQuoted(others + name.text + suffix + text + value)
        }.joined(separator: " ")
    }

    private static func zshAction(_ completion: CompletionKind.Kind) -> String {
        switch completion {
        case .default: return " "
        case .list(let words): return "(\(words.joined(separator: " ")))"
        case .file(let extensions):
            if extensions.isEmpty { return "_files" }
            // A lone word in parentheses would be read as glob qualifiers.
            if extensions.count == 1 { return "_files -g \"*.\(extensions[0])\"" }
            return "_files -g \"*.(\(extensions.joined(separator: "|")))\""
        case .directory: return "_files -/"
        case .shellCommand(let command): return "{local -a list; list=(${(f)\"$(\(command))\"}); _describe \"\" list}"
        }
    }

    private static func zshEscaped(_ text: String) -> String {
        text.map { ":[]\\".contains($0) ? "\\\($0)" : String($0) }.joined()
    }
}
