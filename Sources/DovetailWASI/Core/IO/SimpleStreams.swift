// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem

/// A source that is at its end from the start.
final class EmptyInputStream: HostInputStream, Sendable {
    func read(_ limit: Int) throws(StreamError) -> [UInt8] { throw .closed }
    var readiness: Readiness { .ready }
}

/// A sink that takes everything and keeps nothing.
final class NullOutputStream: HostOutputStream, Sendable {
    func checkWrite() throws(StreamError) -> Int { 1 << 20 }
    func write(_ bytes: RawSpan) throws(StreamError) {}
    var readiness: Readiness { .ready }
}

/// A sink that hands every write to a closure.
final class ClosureOutputStream: HostOutputStream, Sendable {
    private let receive: @Sendable ([UInt8]) -> Void

    init(_ receive: @escaping @Sendable ([UInt8]) -> Void) {
        self.receive = receive
    }

    func checkWrite() throws(StreamError) -> Int { 1 << 20 }
    func write(_ bytes: RawSpan) throws(StreamError) {
        if !bytes.isEmpty { receive(bytes.withUnsafeBytes { Array($0) }) }
    }
    var readiness: Readiness { .ready }
}
