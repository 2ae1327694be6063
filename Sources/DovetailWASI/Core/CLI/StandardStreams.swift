// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem

/// What a guest reads as its standard input.
public struct StandardInput: Sendable {
    let makeStream: @Sendable () -> any HostInputStream
    let isTerminal: @Sendable () -> Bool

    /// At its end from the start.
    public static let null = StandardInput(makeStream: { EmptyInputStream() }, isTerminal: { false })

    /// The process's own standard input.
    public static let inherit = fileDescriptor(0)

    /// These bytes, then the end. Stores made from the same configuration each read them from the start.
    public static func bytes(_ bytes: [UInt8]) -> StandardInput {
        StandardInput(makeStream: { BytesInputStream(bytes) }, isTerminal: { false })
    }

    /// This text as UTF-8, then the end.
    public static func text(_ text: String) -> StandardInput { bytes(Array(text.utf8)) }

    /// An open file descriptor, which is only lent: the caller keeps it open as long as guests run, and closes it.
    public static func fileDescriptor(_ number: Int32) -> StandardInput {
        StandardInput(
            makeStream: { DescriptorInputStream(OwnedDescriptor(number, closes: false)) },
            isTerminal: { OwnedDescriptor(number, closes: false).isTerminal })
    }

    /// A source of your own.
    public static func stream(_ stream: any HostInputStream & Sendable, isTerminal: Bool = false) -> StandardInput {
        StandardInput(makeStream: { stream }, isTerminal: { isTerminal })
    }
}

/// Where a guest's standard output or standard error goes.
public struct StandardOutput: Sendable {
    /// Makes the sink; the argument is the process's own descriptor for this output, 1 or 2.
    let makeStream: @Sendable (Int32) -> any HostOutputStream
    let isTerminal: @Sendable (Int32) -> Bool
    /// Whether it is ``null``.
    package private(set) var isNull = false

    /// Nowhere.
    public static let null = {
        var output = StandardOutput(makeStream: { _ in NullOutputStream() }, isTerminal: { _ in false })
        output.isNull = true
        return output
    }()

    /// The process's own standard output or standard error.
    public static let inherit = StandardOutput(
        makeStream: { DescriptorOutputStream(OwnedDescriptor($0, closes: false)) },
        isTerminal: { OwnedDescriptor($0, closes: false).isTerminal })

    /// Into memory.
    public static func collected(_ collector: OutputCollector) -> StandardOutput {
        stream(collector)
    }

    /// An open file descriptor, which is only lent: the caller keeps it open as long as guests run, and closes it.
    public static func fileDescriptor(_ number: Int32) -> StandardOutput {
        StandardOutput(
            makeStream: { _ in DescriptorOutputStream(OwnedDescriptor(number, closes: false)) },
            isTerminal: { _ in OwnedDescriptor(number, closes: false).isTerminal })
    }

    /// A sink of your own.
    public static func stream(_ stream: any HostOutputStream & Sendable, isTerminal: Bool = false) -> StandardOutput {
        StandardOutput(makeStream: { _ in stream }, isTerminal: { _ in isTerminal })
    }

    /// A function that is given every piece as it is written.
    public static func function(_ receive: @escaping @Sendable ([UInt8]) -> Void) -> StandardOutput {
        stream(ClosureOutputStream(receive))
    }
}
