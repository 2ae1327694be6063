// SPDX-License-Identifier: Apache-2.0

/// Why a core module cannot become a component.
package struct ComponentizeError: Error, Sendable {
    /// The kinds of errors.
    package struct Code: Hashable, Sendable {
        private enum Kind { case input, world, name, signature, missing, symbol, layout, result }
        private let kind: Kind

        /// A file is no core module, or describes no world.
        package static let input = Code(kind: .input)
        /// The worlds of the modules do not fit each other.
        package static let world = Code(kind: .world)
        /// An import or export stands for nothing in the world.
        package static let name = Code(kind: .name)
        /// A core function has another signature than the world wants.
        package static let signature = Code(kind: .signature)
        /// The module lacks an export that the world needs.
        package static let missing = Code(kind: .missing)
        /// A library needs a symbol or another library that is not there.
        package static let symbol = Code(kind: .symbol)
        /// A module cannot be changed as it has to be.
        package static let layout = Code(kind: .layout)
        /// The component that came out breaks a rule.
        package static let result = Code(kind: .result)
    }

    /// The kind of the error.
    package var code: Code
    /// What is wrong, in words.
    package var message: String
    /// The file or adapter in which it is wrong, when it is one of several.
    package var module: String?
    /// The error that led to this one.
    package var cause: (any Error)?

    init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The same error, found in `module`, unless it has a place already.
    func inside(_ module: String?) -> ComponentizeError {
        var error = self
        if error.module == nil { error.module = module }
        return error
    }
}

extension ComponentizeError: CustomStringConvertible {
    /// The message, the module and the cause.
    package var description: String {
        let place = module.map { "\($0): " } ?? ""
        return cause.map { "\(place)\(message): \($0)" } ?? place + message
    }
}
