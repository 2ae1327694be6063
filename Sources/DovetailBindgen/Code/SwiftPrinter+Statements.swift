// SPDX-License-Identifier: Apache-2.0

extension SwiftPrinter {
    package mutating func statements(_ statements: [SwiftStatement]) {
        for statement in statements { self.statement(statement) }
    }

    /// Writes statements between braces whose opening one is written already.
    package mutating func block(_ body: [SwiftStatement]) {
        indented { $0.statements(body) }
        line("}")
    }

    private mutating func statement(_ statement: SwiftStatement) {
        switch statement {
        case .expression(let value): expression("", value)
        case .unbroken(let value): line(value.text)
        case .chain(let base, let links):
            line(base.text)
            indented { printer in
                for link in links {
                    let arguments = link.arguments.map { "(\($0.map(\.text).joined(separator: ", ")))" } ?? ""
                    printer.line(".\(link.member)\(arguments)")
                }
            }
        case .let(let name, let value): expression("let \(name) = ", value)
        case .var(let name, let value): expression("var \(name) = ", value)
        case .assign(let target, let value): expression("\(target.text) = ", value)
        case .return(let value): expression("return ", value)
        case .throw(let value): expression("throw ", value)
        case .break: line("break")
        case .switch(let subject, let cases):
            line("switch \(subject.text) {")
            for item in cases { self.case(item) }
            line("}")
        case .do(let effects, let body, let handler):
            line("do\(effects.text) {")
            indented { $0.statements(body) }
            line("} catch {")
            block(handler)
        }
    }

    private mutating func expression(_ prefix: String, _ value: SwiftExpression) {
        let closure = value.trailingClosure
        let names = closure?.parameters ?? []
        let opening = closure == nil ? "" : names.isEmpty ? " {" : " { \(names.joined(separator: ", ")) in"
        let whole = prefix + value.text + opening
        if let result = closure?.body.singleExpression, fits("\(whole) \(result.text) }") {
            return line("\(whole) \(result.text) }")
        }
        if !fits(whole), let broken = value.breakable?.between(prefix, opening) {
            list(broken.prefix, broken.items, broken.suffix)
        } else {
            line(whole)
        }
        if let closure { block(closure.body) }
    }

    private mutating func `case`(_ item: SwiftCase) {
        let label =
            switch item.pattern {
            case .default: "default:"
            case .integer(let value): "case \(value):"
            case .member(let name, let binding): "case .\(name)\(binding.map { "(let \($0))" } ?? ""):"
            }
        switch item.body {
        case .value(let value): line("\(label) \(value.text)")
        case .statements(let body):
            line(label)
            indented { $0.statements(body) }
        }
    }
}

extension [SwiftStatement] {
    /// The only statement, when it is an expression that can stand in one line.
    var singleExpression: SwiftExpression? {
        guard count == 1, case .expression(let value) = self[0], value.trailingClosure == nil else { return nil }
        return value
    }
}
