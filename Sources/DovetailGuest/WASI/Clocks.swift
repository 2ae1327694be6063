// SPDX-License-Identifier: Apache-2.0

@_extern(wasm, module: "wasi:clocks/monotonic-clock@0.2.0", name: "now")
@_extern(c, "guest monotonic now") private func monotonicNow() -> Int64

@_extern(wasm, module: "wasi:clocks/monotonic-clock@0.2.0", name: "subscribe-duration")
@_extern(c, "guest subscribe-duration") private func subscribeDuration(_ nanoseconds: Int64) -> Int32

@_extern(wasm, module: "wasi:clocks/wall-clock@0.2.0", name: "now")
@_extern(c, "guest wall now") private func wallNow(_ result: UnsafeMutableRawPointer)

/// Time, in a world that imports `wasi:clocks/monotonic-clock` or `wasi:clocks/wall-clock`.
public enum Clocks {
    /// Nanoseconds of a clock that never goes back and begins anywhere.
    public static var monotonic: UInt64 { UInt64(bitPattern: monotonicNow()) }

    /// The time since the beginning of 1970, in UTC.
    public static var wall: (seconds: UInt64, nanoseconds: UInt32) {
        withArea(16) { area, _ in
            wallNow(area)
            return (area.core(0, UInt64.self), area.core(8, UInt32.self))
        }
    }

    /// Waits; needs `wasi:clocks/monotonic-clock`.
    public static func sleep(nanoseconds: UInt64) {
        StreamHandles.wait(subscribeDuration(Int64(bitPattern: nanoseconds)))
    }
}
