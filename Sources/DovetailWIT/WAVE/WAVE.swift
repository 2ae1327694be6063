// SPDX-License-Identifier: Apache-2.0

package import DovetailABI
package import DovetailTypes
package import DovetailWITReader

/// The text form of component values: reading against a type, and the canonical text.
package enum WAVE {
    /// Types nested deeper than this are refused.
    static let maximumDepth = 500

    /// A call whose arguments are still text: which function it is decides their types.
    package struct Call: Hashable, Sendable {
        /// What stands before the parenthesis: `f`, `iface.f`, `ns:pkg/iface@1.0.0.f`.
        package var name: String
        /// The whole text.
        package var text: String
        /// The offset of the opening parenthesis in the UTF-8 of ``text``.
        package var argumentsOffset: Int

        /// The values of the arguments; missing last ones of option types are `none`.
        ///
        /// - Throws: when the arguments do not fit.
        package func arguments(
            _ parameters: [FunctionDefinition.Parameter], in table: TypeTable
        ) throws(WAVEError) -> [Value] {
            var parser = WAVEParser(text, table: table, offset: argumentsOffset)
            return try parser.arguments(parameters)
        }
    }

    /// Splits `name(args)` into the name and the arguments' text; a name alone stands for a call without arguments.
    ///
    /// - Throws: when there is no name.
    package static func parseCall(_ text: String) throws(WAVEError) -> Call {
        let bytes = Array(text.utf8)
        var parser = WAVEParser(text, table: TypeTable(), offset: 0)
        parser.skipSpace()
        let start = parser.offset
        var end = bytes[start...].firstIndex(of: UInt8(ascii: "(")) ?? bytes.count
        let argumentsOffset = end
        while end > start, WAVEParser.isSpace(bytes[end - 1]) { end -= 1 }
        guard end > start, !bytes[start..<end].contains(where: { WAVEParser.isSpace($0) || $0 < 0x20 }) else {
            throw .expected("the name of a function", found: parser.describe(), at: start..<max(end, start), in: text)
        }
        let name = String(decoding: bytes[start..<end].filter { $0 != UInt8(ascii: "%") }, as: UTF8.self)
        return Call(name: name, text: text, argumentsOffset: argumentsOffset)
    }

    /// The value that `text` is when it is read as a `type` of `table`.
    ///
    /// - Throws: when the text is no such value; resources, streams, futures and error contexts have no text.
    package static func parseValue(
        _ text: String, as type: ValueType, in table: TypeTable
    ) throws(WAVEError) -> Value {
        var parser = WAVEParser(text, table: table, offset: 0)
        let value = try parser.value(type)
        try parser.expectEnd()
        return value
    }

    /// The canonical text of `value`, which is a `type` of `table`.
    ///
    /// - Throws: when the value does not fit the type or has no text.
    package static func print(_ value: Value, as type: ValueType, in table: TypeTable) throws(WAVEError) -> String {
        var printer = WAVEPrinter(table: table)
        try printer.print(value, as: type)
        return printer.text
    }

    /// The canonical text of a call with named arguments: `f(a: 1, b: "x")`.
    ///
    /// - Throws: as ``print(_:as:in:)``.
    package static func print(
        call name: String, _ arguments: [Value], _ parameters: [FunctionDefinition.Parameter], in table: TypeTable
    ) throws(WAVEError) -> String {
        var printer = WAVEPrinter(table: table)
        printer.text = name + "("
        for (index, (value, parameter)) in zip(arguments, parameters).enumerated() {
            if index > 0 { printer.text += ", " }
            printer.text += parameter.name + ": "
            try printer.print(value, as: parameter.type)
        }
        return printer.text + ")"
    }

    static let keywords: Set<String> = ["true", "false", "inf", "nan", "some", "none", "ok", "err"]

    /// What a type is called in messages.
    static func name(of type: ValueType, in table: TypeTable) -> String {
        let type = table.dealiased(type)
        guard case .defined(let id) = type else { return type.primitiveName ?? "" }
        let definition = table[id]
        if let name = definition.name { return "`\(name)`" }
        switch definition.kind {
        case .record: return "a record"
        case .variant: return "a variant"
        case .flags: return "flags"
        case .enum: return "an enum"
        case .tuple: return "a tuple"
        case .option: return "an option"
        case .result: return "a result"
        case .list, .fixedLengthList: return "a list"
        case .map: return "a map"
        case .stream: return "stream"
        case .future: return "future"
        case .own, .borrow, .resource: return "resource"
        case .alias: return "a type"
        }
    }
}
