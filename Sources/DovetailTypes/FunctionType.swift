// SPDX-License-Identifier: Apache-2.0

/// The type of a component-level function. (Binary.md, `functype`)
public struct FunctionType: Equatable, Sendable {
    /// A parameter: its label and type.
    public struct Parameter: Equatable, Sendable {
        /// The label, in kebab-case.
        public var name: String
        /// The type, within the table of the component or package the function belongs to.
        public var type: ValueType

        /// Makes a parameter.
        public init(name: String, type: ValueType) {
            self.name = name
            self.type = type
        }
    }

    /// The parameters, in order.
    public var parameters: [Parameter]
    /// The type of the result, `nil` when there is none.
    public var result: ValueType?
    /// Whether the function is declared `async` and so may block.
    public let isAsync: Bool

    /// Makes a function type.
    public init(parameters: [Parameter], result: ValueType?, isAsync: Bool = false) {
        self.parameters = parameters
        self.result = result
        self.isAsync = isAsync
    }
}
