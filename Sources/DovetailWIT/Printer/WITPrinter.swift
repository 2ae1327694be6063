// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes
import DovetailWITReader

/// Writes packages as WIT text, in the layout of wasm-tools.
package struct WITPrinter {
    let graph: PackageGraph
    /// Whether comments are written.
    let withDocumentation: Bool
    /// The text so far.
    package private(set) var text = ""
    private var indentation = 0
    private var needsIndentation = false
    /// Whether the current block has an item, so that a blank line separates the next one.
    var hasItems = false

    package init(_ graph: PackageGraph, withDocumentation: Bool = true) {
        self.graph = graph
        self.withDocumentation = withDocumentation
    }

    /// The text of `package`, followed by `nested` packages in braces.
    package static func text(
        of package: PackageID, nested: [PackageID] = [], in graph: PackageGraph, withDocumentation: Bool = true
    ) -> String {
        var printer = WITPrinter(graph, withDocumentation: withDocumentation)
        printer.print(package, isMain: true)
        for (index, id) in nested.enumerated() {
            if index > 0 { printer.text += "\n\n" }
            printer.needsIndentation = index > 0
            printer.print(id, isMain: false)
        }
        return printer.text
    }

    /// Names that are keywords, or were once, get a `%`.
    static func escaped(_ name: String) -> String {
        WITKeyword.all.contains(name) || name == "float32" || name == "float64" ? "%" + name : name
    }

    // MARK: - Text

    mutating func write(_ part: String) {
        if needsIndentation {
            text += String(repeating: "  ", count: indentation)
            needsIndentation = false
        }
        text += part
    }

    mutating func newline() {
        text += "\n"
        needsIndentation = true
    }

    mutating func line(_ part: String) {
        write(part)
        newline()
    }

    mutating func open() {
        write(" {")
        indentation += 1
        newline()
    }

    mutating func close() {
        indentation -= 1
        line("}")
    }

    mutating func newItem() {
        if hasItems { newline() }
        hasItems = true
    }

    mutating func write(documentation: String?) {
        guard withDocumentation, let documentation else { return }
        var lines = documentation.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        for part in lines { line(part.isEmpty ? "///" : "/// \(part)") }
    }

    mutating func write(_ stability: Stability) {
        let deprecated: SemanticVersion?
        switch stability {
        case .unknown: return
        case .stable(let since, let version):
            line("@since(version = \(since))")
            deprecated = version
        case .unstable(let feature, let version):
            line("@unstable(feature = \(Self.escaped(feature)))")
            deprecated = version
        }
        if let deprecated { line("@deprecated(version = \(deprecated))") }
    }

    mutating func write(externalID: String?) {
        guard let externalID else { return }
        var quoted = ""
        for scalar in externalID.unicodeScalars {
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".", "/", ":", " ": quoted.unicodeScalars.append(scalar)
            case "\\": quoted += "\\\\"
            case "\"": quoted += "\\\""
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            default: quoted += "\\u{" + String(scalar.value, radix: 16) + "}"
            }
        }
        line("@external-id(\"\(quoted)\")")
    }

    // MARK: - Packages

    private mutating func print(_ id: PackageID, isMain: Bool) {
        let package = graph[id]
        write(documentation: package.documentation)
        write("package \(Self.name(package.name))")
        if isMain {
            line(";")
            newline()
        } else {
            open()
        }
        for (name, id) in package.interfaces {
            let interface = graph[id]
            write(documentation: interface.documentation)
            write(interface.stability)
            write("interface \(Self.escaped(name))")
            open()
            print(id)
            close()
            if isMain { newline() }
        }
        for (name, id) in package.worlds {
            write(documentation: graph[id].documentation)
            write(graph[id].stability)
            write("world \(Self.escaped(name))")
            open()
            print(id)
            close()
        }
        if !isMain { close() }
    }

    private static func name(_ name: PackageName) -> String {
        let text = "\(escaped(name.namespace)):\(escaped(name.name))"
        return name.version.map { "\(text)@\($0)" } ?? text
    }

    func path(to id: InterfaceID, from package: PackageID?) -> String {
        let interface = graph[id]
        let name = Self.escaped(interface.name ?? "")
        guard interface.package != package, let owner = interface.package else { return name }
        let found = graph[owner].name
        let text = "\(Self.escaped(found.namespace)):\(Self.escaped(found.name))/\(name)"
        return found.version.map { "\(text)@\($0)" } ?? text
    }

    mutating func print(_ id: InterfaceID) {
        let outer = hasItems
        hasItems = false
        let interface = graph[id]
        print(
            types: interface.types.map { ($0.key, $0.value) }, owner: .interface(id), package: interface.package,
            functions: interface.functions.values)
        for function in interface.functions.values where function.owner == .none {
            newItem()
            write(documentation: function.documentation)
            write(function.stability)
            write(externalID: function.externalID)
            write("\(Self.escaped(function.itemName)): ")
            line(signature(function) + ";")
        }
        hasItems = outer
    }

    // MARK: - Worlds

    private mutating func print(_ id: WorldID) {
        let outer = hasItems
        hasItems = false
        let world = graph[id]
        var types: [(String, TypeID)] = []
        var functions: [FunctionDefinition] = []
        for (key, item) in world.imports {
            switch item.kind {
            case .type(let type):
                if case .name(let name) = key { types.append((name, type)) }
            case .function(let function): functions.append(function)
            case .interface:
                print(key, item, "import", world.package)
                hasItems = true
            }
        }
        print(types: types, owner: .world(id), package: world.package, functions: functions)
        for function in functions where function.owner == .none {
            print(.name(function.name), WorldItem(.function(function)), "import", world.package)
            hasItems = true
        }
        if !world.exports.isEmpty { newItem() }
        for (key, item) in world.exports { print(key, item, "export", world.package) }
        hasItems = outer
    }

    private mutating func print(_ key: WorldKey, _ item: WorldItem, _ keyword: String, _ package: PackageID?) {
        switch item.kind {
        case .type: return
        case .function(let function):
            write(documentation: function.documentation)
            write(function.stability)
            write(externalID: function.externalID)
            line("\(keyword) \(Self.escaped(function.itemName)): \(signature(function));")
        case .interface(let id):
            let interface = graph[id]
            let isInline = interface.name == nil
            var isPlainName = false
            if case .name = key { isPlainName = interface.package == package }
            write(documentation: item.documentation ?? (isPlainName ? interface.documentation : nil))
            write(item.stability)
            write(externalID: item.externalID)
            write("\(keyword) ")
            if case .name(let name) = key { write("\(Self.escaped(name)): ") }
            if isInline {
                write("interface")
                open()
                print(id)
                close()
            } else {
                line(path(to: id, from: package) + ";")
            }
        }
    }
}
