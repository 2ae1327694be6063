// SPDX-License-Identifier: Apache-2.0

internal import CDovetailSystem
import DovetailFiles

/// Other programs, run to their end.
package enum ChildProcess {
    /// How a program ended.
    package struct Outcome: Sendable {
        /// Its exit code; 128 and the number of the signal that ended it.
        package let code: Int
        /// What it wrote to standard output and standard error, in the order it came.
        package let output: [UInt8]
        /// Whether it ran longer than it was allowed to.
        package var wasStopped = false

        /// ``output`` as text, without white space at its end.
        package var text: String {
            var text = String(decoding: output, as: UTF8.self)
            while text.last?.isWhitespace == true { text.removeLast() }
            return text
        }
    }

    /// Runs a program with an empty standard input, and waits for its end.
    ///
    /// - Parameters:
    ///   - arguments: the program, which is looked up in `PATH` unless it has a slash, and what it is given.
    ///   - timeLimit: in seconds; a program that runs longer is interrupted, so that it can end what it started, and killed
    ///     two seconds later.
    /// - Throws: ``SystemError`` when it cannot be started or listened to.
    package static func run(_ arguments: [String], timeLimit: UInt32? = nil) throws(SystemError) -> Outcome {
        let strings = arguments.map { Array($0.utf8CString) }
        var output: CInt = -1
        var process: Int64 = 0
        try SystemError.check(
            withPointers(strings[...], []) { dovetail_sys_spawn($0, &output, &process) })
        let pipe = OwnedDescriptor(output)
        guard let timeLimit else {
            let written = Result { () throws(SystemError) in try pipe.readAll() }
            let code = try SystemError.check(dovetail_sys_wait_for(process))
            return Outcome(code: Int(code), output: try written.get())
        }
        var bytes: [UInt8] = []
        let written = Result { () throws(SystemError) in
            try read(pipe, into: &bytes, for: UInt64(timeLimit) * 1_000_000_000)
        }
        var wasStopped = false
        if case .success(false) = written {
            wasStopped = true
            dovetail_sys_interrupt(process, 0)
            // Whoever else has the pipe does not keep this process waiting.
            if (try? read(pipe, into: &bytes, for: 2_000_000_000)) != true { dovetail_sys_interrupt(process, 1) }
        }
        let code = try SystemError.check(dovetail_sys_wait_for(process))
        _ = try written.get()
        return Outcome(code: Int(code), output: bytes, wasStopped: wasStopped)
    }

    /// Reads from `pipe` for so many nanoseconds at most; returns whether its end was reached.
    private static func read(
        _ pipe: OwnedDescriptor, into bytes: inout [UInt8], for nanoseconds: UInt64
    ) throws(SystemError) -> Bool {
        let end = SystemClock.monotonic &+ nanoseconds
        while true {
            let now = SystemClock.monotonic
            guard now < end else { return false }
            guard try Poll.isReady(pipe.number, .readable, waiting: end - now) else { continue }
            let piece = try pipe.read(1 << 16)
            if piece.isEmpty { return true }
            bytes += piece
        }
    }

    /// Calls `body` with C's form of `strings`: pointers with a null pointer behind them.
    private static func withPointers(
        _ strings: ArraySlice<[CChar]>, _ pointers: [UnsafePointer<CChar>?],
        _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> CInt
    ) -> CInt {
        guard let first = strings.first else {
            return (pointers + [nil]).withUnsafeBufferPointer { $0.baseAddress.map(body) ?? 0 }
        }
        return first.withUnsafeBufferPointer {
            withPointers(strings.dropFirst(), pointers + [$0.baseAddress], body)
        }
    }
}
