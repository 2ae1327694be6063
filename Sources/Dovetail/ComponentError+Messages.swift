// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailFiles
import DovetailValidation

extension FileContents {
    /// What is in the file at `path`.
    /// - Throws: ``ComponentError`` with code ``ComponentError/Code/notReadable``.
    static func open(_ path: String) throws(ComponentError) -> FileContents {
        do throws(SystemError) { return try FileContents(path) } catch { throw .notReadable(path, error) }
    }
}

extension ComponentError {
    static func notReadable(_ path: String, _ cause: SystemError) -> ComponentError {
        ComponentError(code: .notReadable, message: "cannot read `\(path)`: \(cause)", offset: nil)
    }

    /// Why a type has no layout.
    init(_ error: LayoutError, at offset: Int) {
        self.init(code: .unsupported, message: error.message, offset: offset)
    }

    /// What decoding or validation found.
    init(_ error: BinaryError) {
        let code: Code =
            switch error.code {
            case .notWebAssembly, .text, .coreModule: .notAComponent
            case .unexpectedEnd: .truncated
            case .malformed: .malformed
            case .limit: .tooLarge
            case .featureDisabled, .unsupportedVersion: .unsupported
            default: .invalid
            }
        var message = error.message
        if let cause = error.cause { message += ": " + ((cause as? BinaryError)?.message ?? "\(cause)") }
        var place: [String] = []
        if let section = error.where.section { place.append(section) }
        if let entry = error.where.entry { place.append("entry \(entry)") }
        if !error.where.path.isEmpty { place.append("in " + error.where.path.joined(separator: ", ")) }
        self.init(
            code: code, message: message, offset: error.where.offset,
            place: place.isEmpty ? nil : place.joined(separator: ", "))
    }

    static func unknownIndex(_ space: String, _ index: UInt32, count: Int, at offset: Int) -> ComponentError {
        ComponentError(
            code: .invalid, message: "unknown \(space) index \(index), only \(count) are defined", offset: offset)
    }

    static func missingExport(_ name: String, of what: String, at offset: Int) -> ComponentError {
        ComponentError(code: .invalid, message: "\(what) has no export `\(name)`", offset: offset)
    }

    static func wrongType(expected: String, found: String, at offset: Int) -> ComponentError {
        ComponentError(code: .invalid, message: "expected \(expected), found \(found)", offset: offset)
    }

    static func missingArgument(_ name: String, at offset: Int) -> ComponentError {
        ComponentError(
            code: .invalid, message: "the instantiation gives no argument for import `\(name)`", offset: offset)
    }

    static func invalid(_ message: String, at offset: Int?) -> ComponentError {
        ComponentError(code: .invalid, message: message, offset: offset)
    }

    static func unsupported(_ what: String, at offset: Int?) -> ComponentError {
        ComponentError(code: .unsupported, message: "\(what) is not supported", offset: offset)
    }

    static func tooLarge(_ what: String, limit: Int, at offset: Int?) -> ComponentError {
        ComponentError(code: .tooLarge, message: "the component has more than \(limit) \(what)", offset: offset)
    }
}
