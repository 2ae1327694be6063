// SPDX-License-Identifier: Apache-2.0

/// Why a component's imports cannot be satisfied; names everything that is missing, not only the first.
public struct LinkError: Error, Sendable {
    /// An import without a fitting definition.
    public struct Problem: Sendable {
        /// The class of a problem; new ones may join.
        public struct Code: Hashable, Sendable {
            enum Kind: Hashable { case missing, mismatch }
            let kind: Kind
            /// Nothing is defined under the import's name.
            public static let missing = Code(kind: .missing)
            /// What is defined is of another kind or type.
            public static let mismatch = Code(kind: .mismatch)
        }

        /// What kind of problem it is.
        public let code: Code
        /// The import, as `ns:pkg/iface@1.0.0#function`.
        public var name: String
        /// What was expected and what is there instead; long types are cut.
        public var message: String
    }

    /// What does not fit, in the order of the imports; the first ``maximumProblems``.
    public internal(set) var problems: [Problem] = []
    /// How many problems there are.
    public internal(set) var count = 0

    /// How many problems an error describes.
    public static let maximumProblems = 1000
}
