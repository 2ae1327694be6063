// SPDX-License-Identifier: Apache-2.0

@_extern(c, "dovetail_flush") func flushBuffer()

/// Where `print` goes in a world that imports `wasi:cli/stdout`; generated code connects it.
public enum StandardOutput {
    nonisolated(unsafe) private static var stream: Int32 = -1
    nonisolated(unsafe) private static var hasFailed = false

    /// Writes what `print` has collected; generated code does so behind every function that the component exports.
    public static func flush() { flushBuffer() }

    /// Writes bytes, 4096 at most.
    ///
    /// - Parameters:
    ///   - open: `get-stdout`.
    ///   - write: `[method]output-stream.blocking-write-and-flush`.
    public static func write(
        _ bytes: UnsafeRawPointer, _ count: Int, _ open: () -> Int32,
        _ write: (Int32, Int32, Int32, UnsafeMutableRawPointer) -> Void
    ) {
        // A stream that is closed or broken stays so.
        if hasFailed { return }
        if stream < 0 { stream = open() }
        hasFailed = withArea(16) { area, _ in
            write(stream, Int32(truncatingIfNeeded: Int(bitPattern: bytes)), Int32(truncatingIfNeeded: count), area)
            return area.load(as: UInt8.self) != 0
        }
    }
}
