// SPDX-License-Identifier: Apache-2.0

package import DovetailBinary

/// The text format of components and core modules.
package enum BinaryText {
    /// The text of a component or core module in binary form, which need not be valid: what it says and what its names are, each
    /// definition with its index as a comment. It ends with a new line.
    ///
    /// - Throws: a ``BinaryError`` when the bytes cannot be decoded.
    package static func print(_ bytes: UnsafeRawBufferPointer) throws(BinaryError) -> [UInt8] {
        var writer: TextWriter
        if BinaryKind(bytes) == .coreModule {
            writer = TextWriter()
            var printer = CoreModulePrinter(try CoreModuleBinary.decode(Array(bytes)))
            writer.open("module")
            if let name = printer.name { writer.put(" " + Identifiers.identifier(name)) }
            try printer.fields(&writer)
        } else {
            let component = try ComponentDecoder.decode(bytes)
            var printer = ComponentPrinter(bytes)
            printer.writer.open("component")
            let names = printer.names(of: component)
            if let name = names?.component { printer.writer.put(" " + Identifiers.identifier(name)) }
            try printer.component(component, names)
            writer = printer.writer
        }
        writer.close()
        writer.put("\n")
        return writer.bytes
    }
}
