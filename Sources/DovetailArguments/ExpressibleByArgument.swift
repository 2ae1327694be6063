// SPDX-License-Identifier: Apache-2.0

/// A type whose values are read from one word of the command line.
package protocol ExpressibleByArgument {
    /// The value that `argument` stands for, or `nil` where it stands for none.
    init?(argument: String)

    /// How help shows this value where it is a default.
    var defaultValueDescription: String { get }

    /// All words that stand for a value, where they can be listed.
    static var allValueStrings: [String] { get }

    /// What a shell offers.
    static var defaultCompletionKind: CompletionKind { get }

    /// What a word must be, for the error when it is not: `a number`, `an integer from 0 to 255`.
    static var argumentExpectation: String? { get }
}

extension ExpressibleByArgument {
    /// The value as `print` shows it.
    package var defaultValueDescription: String { "\(self)" }
    /// None: the words cannot be listed.
    package static var allValueStrings: [String] { [] }
    /// The listed words, else nothing.
    package static var defaultCompletionKind: CompletionKind {
        allValueStrings.isEmpty ? .default : .list(allValueStrings)
    }
    /// Nothing is known of the words.
    package static var argumentExpectation: String? { nil }
}

extension ExpressibleByArgument where Self: CaseIterable {
    /// The words of all cases.
    package static var allValueStrings: [String] { allCases.map { "\($0)" } }
}

extension ExpressibleByArgument where Self: CaseIterable, Self: RawRepresentable, RawValue: ExpressibleByArgument {
    /// The words of all cases' raw values.
    package static var allValueStrings: [String] { allCases.map(\.rawValue.defaultValueDescription) }
}

extension ExpressibleByArgument where Self: RawRepresentable, RawValue: ExpressibleByArgument {
    /// The case whose raw value `argument` stands for.
    package init?(argument: String) {
        guard let rawValue = RawValue(argument: argument) else { return nil }
        self.init(rawValue: rawValue)
    }

    /// The raw value.
    package var defaultValueDescription: String { rawValue.defaultValueDescription }
}

extension String: ExpressibleByArgument {
    /// Any word.
    package init?(argument: String) { self = argument }
}

extension Substring: ExpressibleByArgument {
    /// Any word.
    package init?(argument: String) { self = argument[...] }
}

extension Bool: ExpressibleByArgument {
    /// `true` or `false`.
    package init?(argument: String) { self.init(argument) }
    /// `true` and `false`.
    package static var allValueStrings: [String] { ["true", "false"] }
}

extension ExpressibleByArgument where Self: FixedWidthInteger {
    /// A decimal integer in the type's range.
    package init?(argument: String) { self.init(argument, radix: 10) }
    /// Names the range.
    package static var argumentExpectation: String? { "an integer from \(Self.min) to \(Self.max)" }
}

extension Int: ExpressibleByArgument {}
extension Int8: ExpressibleByArgument {}
extension Int16: ExpressibleByArgument {}
extension Int32: ExpressibleByArgument {}
extension Int64: ExpressibleByArgument {}
extension UInt: ExpressibleByArgument {}
extension UInt8: ExpressibleByArgument {}
extension UInt16: ExpressibleByArgument {}
extension UInt32: ExpressibleByArgument {}
extension UInt64: ExpressibleByArgument {}

extension ExpressibleByArgument where Self: BinaryFloatingPoint & LosslessStringConvertible {
    /// A decimal number.
    package init?(argument: String) { self.init(argument) }
    /// Any number.
    package static var argumentExpectation: String? { "a number" }
}

extension Float: ExpressibleByArgument {}
extension Double: ExpressibleByArgument {}
