// SPDX-License-Identifier: Apache-2.0

// Streams of `wasi:io` by their handles. Imports are called under version 0.2.0, for which any 0.2 of the world serves.

@_extern(wasm, module: "wasi:io/streams@0.2.0", name: "[method]input-stream.blocking-read")
@_extern(c, "guest input-stream.blocking-read")
private func streamRead(_ stream: Int32, _ count: Int64, _ result: UnsafeMutableRawPointer)

@_extern(wasm, module: "wasi:io/streams@0.2.0", name: "[method]output-stream.blocking-write-and-flush")
@_extern(c, "guest output-stream.blocking-write-and-flush")
private func streamWrite(_ stream: Int32, _ bytes: Int32, _ count: Int32, _ result: UnsafeMutableRawPointer)

@_extern(wasm, module: "wasi:io/streams@0.2.0", name: "[resource-drop]input-stream")
@_extern(c, "guest input-stream.drop") func dropInputStream(_ stream: Int32)

@_extern(wasm, module: "wasi:io/streams@0.2.0", name: "[resource-drop]output-stream")
@_extern(c, "guest output-stream.drop") func dropOutputStream(_ stream: Int32)

@_extern(wasm, module: "wasi:io/error@0.2.0", name: "[resource-drop]error")
@_extern(c, "guest error.drop") private func dropError(_ error: Int32)

@_extern(wasm, module: "wasi:io/poll@0.2.0", name: "[method]pollable.block")
@_extern(c, "guest pollable.block") private func blockPollable(_ pollable: Int32)

@_extern(wasm, module: "wasi:io/poll@0.2.0", name: "[resource-drop]pollable")
@_extern(c, "guest pollable.drop") private func dropPollable(_ pollable: Int32)

/// What reads and writes streams by their handles.
enum StreamHandles {
    /// The next bytes, which are waited for; `nil` at the end, and after an error.
    static func read(_ stream: Int32, _ count: Int = 65536) -> [UInt8]? {
        withArea(16) { area, _ in
            streamRead(stream, Int64(count), area)
            if area.load(as: UInt8.self) == 0 { return ListCodec<UInt8.Codec>.load(area + 4) }
            dropFailure(area + 4)
            return nil
        }
    }

    /// All bytes up to the end.
    static func readAll(_ stream: Int32) -> [UInt8] {
        var all = read(stream) ?? []
        if all.isEmpty { return all }
        while let next = read(stream) { all += next }
        return all
    }

    /// Writes bytes and waits until they are on their way; returns whether they are.
    static func write(_ bytes: UnsafeRawBufferPointer, to stream: Int32) -> Bool {
        withArea(16) { area, _ in
            var start = Int(bitPattern: bytes.baseAddress)
            var left = bytes.count
            // A call takes 4096 bytes at most.
            while left > 0 {
                let count = min(left, 4096)
                streamWrite(stream, Int32(truncatingIfNeeded: start), Int32(truncatingIfNeeded: count), area)
                if area.load(as: UInt8.self) != 0 {
                    dropFailure(area + 4)
                    return false
                }
                start &+= count
                left &-= count
            }
            return true
        }
    }

    /// Lets go of a `stream-error`.
    private static func dropFailure(_ place: UnsafeMutableRawPointer) {
        if place.load(as: UInt8.self) == 0 { dropError(place.load(fromByteOffset: 4, as: Int32.self)) }
    }

    /// Waits for a pollable and drops it.
    static func wait(_ pollable: Int32) {
        blockPollable(pollable)
        dropPollable(pollable)
    }
}
