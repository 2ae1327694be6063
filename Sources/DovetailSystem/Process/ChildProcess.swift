// SPDX-License-Identifier: Apache-2.0

internal import CDovetailSystem

/// Other programs, run to their end.
package enum ChildProcess {
    /// How a program ended.
    package struct Outcome: Sendable {
        /// Its exit code; 128 and the number of the signal that ended it.
        package var code: Int
        /// What it wrote to standard output and standard error, in the order it came.
        package var output: [UInt8]

        /// ``output`` as text, without white space at its end.
        package var text: String {
            var text = String(decoding: output, as: UTF8.self)
            while text.last?.isWhitespace == true { text.removeLast() }
            return text
        }
    }

    /// Runs a program with an empty standard input, and waits for its end.
    ///
    /// - Parameter arguments: the program, which is looked up in `PATH` unless it has a slash, and what it is given.
    /// - Throws: ``SystemError`` when it cannot be started or listened to.
    package static func run(_ arguments: [String]) throws(SystemError) -> Outcome {
        let strings = arguments.map { Array($0.utf8CString) }
        var output: CInt = -1
        var process: Int64 = 0
        try SystemError.check(
            withPointers(strings[...], []) { dovetail_sys_spawn($0, &output, &process) })
        let pipe = OwnedDescriptor(output)
        let written = Result { () throws(SystemError) in try pipe.readAll() }
        let code = try SystemError.check(dovetail_sys_wait_for(process))
        return Outcome(code: Int(code), output: try written.get())
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
