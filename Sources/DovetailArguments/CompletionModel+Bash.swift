// SPDX-License-Identifier: Apache-2.0

extension CompletionModel {
    /// The script for bash; it stands alone, bash-completion need not be installed.
    ///
    /// It walks the words before the cursor to find the command and the number of positional arguments given.
    func bashScript() -> String {
        let commands = root.all
        var walk: [String] = []
        var values: [String] = []
        var flags: [String] = []
        var words: [String] = []
        for command in commands {
            for child in command.children {
                for name in [child.name] + child.aliases {
                    walk.append(
                        "            \(shellQuoted("\(command.key)|0|\(name)"))) command=\(shellQuoted(child.key)); positional=0 ;;"
                    )
                }
            }
            for option in command.options {
                guard let value = option.value else { continue }
                let patterns = option.names.map { shellQuoted("\(command.key)|\($0.text)") }.joined(separator: " | ")
                values.append("        \(patterns)) \(Self.bashAction(value)) return ;;")
            }
            let names = command.options.flatMap(\.names).map(\.text).joined(separator: " ")
            flags.append("            \(shellQuoted(command.key))) \(Self.bashAction(.list([names]))) ;;")
            for (index, positional) in command.positionals.enumerated() {
                let key = shellQuoted("\(command.key)|\(positional.repeats ? "" : "\(index)")")
                words.append(
                    "        \(key)\(positional.repeats ? "*" : "")) \(Self.bashAction(positional.completion)) ;;")
            }
            if !command.children.isEmpty {
                let names = command.children.map(\.name) + ["help"]
                words.append("        \(shellQuoted("\(command.key)|0"))) \(Self.bashAction(.list(names))) ;;")
            }
        }
        let takesValue = commands.flatMap { command in
            command.options.filter { $0.value != nil }.flatMap(\.names).map { shellQuoted("\(command.key)|\($0.text)") }
        }
        let passthrough = commands.flatMap { command in
            command.positionals.enumerated().filter(\.element.isPassthrough).map {
                "        \(shellQuoted(command.key))) (( positional >= \($0.offset) )) && raw=1 ;;"
            }
        }
        return """
            # bash completion for \(name)

            \(functionName)_words() {
                COMPREPLY=( $(compgen -W "$1" -- "$current") )
            }

            \(functionName)_files() {
                compopt -o filenames 2>/dev/null
                local IFS=$'\\n' extension
                COMPREPLY=( $(compgen -d -- "$current") )
                if (( $# == 0 )); then
                    COMPREPLY=( $(compgen -f -- "$current") )
                fi
                for extension in "$@"; do
                    COMPREPLY+=( $(compgen -f -X "!*.$extension" -- "$current") )
                done
            }

            \(functionName)_directories() {
                compopt -o filenames 2>/dev/null
                local IFS=$'\\n'
                COMPREPLY=( $(compgen -d -- "$current") )
            }

            \(functionName)() {
                local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}"
                local command=\(shellQuoted(name)) positional=0 raw='' terminated='' i word
                COMPREPLY=()
                # Bash takes \"=\" as a word of its own.
                if [[ $current == '=' ]]; then
                    current=''
                elif [[ $previous == '=' ]]; then
                    previous="${COMP_WORDS[COMP_CWORD-2]}"
                fi
                for (( i = 1; i < COMP_CWORD; i++ )); do
                    word="${COMP_WORDS[i]}"
                    case "$command" in
            \(passthrough.joined(separator: "\n"))
                    esac
                    if [[ -n $raw ]]; then break; fi
                    if [[ -n $terminated ]]; then (( positional++ )); continue; fi
                    if [[ $word == '--' ]]; then terminated=1; continue; fi
                    case "$command|$word" in
                        \((takesValue.isEmpty ? ["''"] : takesValue).joined(separator: " | ")))
                            (( i++ ))
                            if [[ ${COMP_WORDS[i]} == '=' ]]; then (( i++ )); fi
                            continue ;;
                        *'|-'?*) continue ;;
                    esac
                    case "$command|$positional|$word" in
            \(walk.joined(separator: "\n"))
                        *) (( positional++ )) ;;
                    esac
                done
                case "$command" in
            \(passthrough.joined(separator: "\n"))
                esac
                if [[ -n $raw ]]; then
                    \(functionName)_files
                    return
                fi
                if [[ -z $terminated ]]; then
                    case "$command|$previous" in
            \(values.joined(separator: "\n"))
                    esac
                    if [[ $current == -* ]]; then
                        case "$command" in
            \(flags.joined(separator: "\n"))
                        esac
                        return
                    fi
                fi
                case "$command|$positional" in
            \(words.joined(separator: "\n"))
                esac
            }

            complete -F \(functionName) \(name)
            """.replacingFunction(functionName)
    }

    private static func bashAction(_ completion: CompletionKind.Kind) -> String {
        switch completion {
        case .default: "COMPREPLY=();"
        case .list(let words): "FUNCTION_words \(shellQuoted(words.joined(separator: " ")));"
        case .file(let extensions): (["FUNCTION_files"] + extensions.map(shellQuoted)).joined(separator: " ") + ";"
        case .directory: "FUNCTION_directories;"
        case .shellCommand(let command): "FUNCTION_words \"$(\(command))\";"
        }
    }
}

extension String {
    /// The script's actions, which are made before the name of its functions is known.
    fileprivate func replacingFunction(_ name: String) -> String {
        var result = ""
        var rest = self[...]
        while let range = rest.firstRange(of: "FUNCTION_") {
            result += rest[..<range.lowerBound] + name + "_"
            rest = rest[range.upperBound...]
        }
        return result + rest
    }
}
