// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes

/// Why bytes are no component, or no valid one.
///
/// The error is one reference wide: what can throw it is compiled to far less code than for one of its parts.
package struct BinaryError: Error, Sendable {
    private struct Content {
        let code: Code
        var message: String
        var location: BinaryLocation
        var cause: (any Error)?
        var item: GraphItem?
    }

    @Boxed private var content: Content

    /// Makes an error.
    package init(code: Code, message: String, where location: BinaryLocation, cause: (any Error)? = nil) {
        content = Content(code: code, message: message, location: location, cause: cause, item: nil)
    }

    /// The kind of the error.
    package var code: Code { content.code }

    /// What is wrong, in words, without the place.
    package var message: String {
        get { content.message }
        set { content.message = newValue }
    }

    /// Where it is wrong.
    package var `where`: BinaryLocation {
        get { content.location }
        set { content.location = newValue }
    }

    /// The error that led to this one, when it was found while something larger was compared.
    package var cause: (any Error)? {
        get { content.cause }
        set { content.cause = newValue }
    }

    /// The item of a package graph that cannot be encoded; there are no bytes yet, so ``where`` says nothing then.
    package var item: GraphItem? {
        get { content.item }
        set { content.item = newValue }
    }

    /// The kinds of errors.
    package struct Code: Equatable, Sendable, CustomStringConvertible {
        private enum Kind: String {
            case notWebAssembly, text, coreModule, component, unsupportedVersion
            case unexpectedEnd, malformed, limit
            case invalid, unknownIndex, typeMismatch, name, featureDisabled, notWIT
        }

        private let kind: Kind

        /// The input is no WebAssembly at all.
        package static let notWebAssembly = Code(kind: .notWebAssembly)
        /// The input is WebAssembly text.
        package static let text = Code(kind: .text)
        /// The input is a core module where a component is expected.
        package static let coreModule = Code(kind: .coreModule)
        /// The input is a component where a core module is expected.
        package static let component = Code(kind: .component)
        /// The input is of a version of the format that is not known.
        package static let unsupportedVersion = Code(kind: .unsupportedVersion)
        /// The bytes end in the middle of something.
        package static let unexpectedEnd = Code(kind: .unexpectedEnd)
        /// The bytes do not follow the grammar of the binary format.
        package static let malformed = Code(kind: .malformed)
        /// The component is larger or deeper than is accepted.
        package static let limit = Code(kind: .limit)
        /// The component breaks a validation rule.
        package static let invalid = Code(kind: .invalid)
        /// An index is past the end of its index space.
        package static let unknownIndex = Code(kind: .unknownIndex)
        /// A definition is not of the type that is needed.
        package static let typeMismatch = Code(kind: .typeMismatch)
        /// A name is ill-formed, not unique, or does not fit what it names.
        package static let name = Code(kind: .name)
        /// The component uses a feature that is switched off.
        package static let featureDisabled = Code(kind: .featureDisabled)

        /// The component is one that WIT cannot express, or no WIT package where one is expected.
        package static let notWIT = Code(kind: .notWIT)

        /// The kind in one word.
        package var description: String { kind.rawValue }
    }
}

/// A place in a binary.
package struct BinaryLocation: Sendable {
    /// The offset in bytes from the begin of the file.
    package var offset: Int
    /// The section's name, in words (`type section`).
    package var section: String?
    /// The position in the section's vector.
    package var entry: Int?
    /// The way from the root to the place (`component 2`, `export x`), outermost first.
    package var path: [String]

    /// Makes a location.
    package init(offset: Int, section: String? = nil, entry: Int? = nil, path: [String] = []) {
        self.offset = offset
        self.section = section
        self.entry = entry
        self.path = path
    }
}

extension BinaryLocation: CustomStringConvertible {
    /// The place in words: `at offset 0x1a4, type section, entry 3`.
    package var description: String {
        var text = "at offset 0x\(String(offset, radix: 16))"
        if let section { text += ", \(section)" }
        if let entry { text += ", entry \(entry)" }
        if !path.isEmpty { text += ", in " + path.joined(separator: ", ") }
        return text
    }
}

extension BinaryError: CustomStringConvertible {
    /// The message and the place.
    package var description: String {
        if item != nil { return message }
        guard let cause else { return "\(message) (\(`where`))" }
        let reason = (cause as? BinaryError)?.message ?? String(describing: cause)
        return "\(message): \(reason) (\(`where`))"
    }
}
