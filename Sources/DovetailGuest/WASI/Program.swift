// SPDX-License-Identifier: Apache-2.0

@_extern(wasm, module: "wasi:cli/environment@0.2.0", name: "get-arguments")
@_extern(c, "guest get-arguments") private func getArguments(_ result: UnsafeMutableRawPointer)

@_extern(wasm, module: "wasi:cli/environment@0.2.0", name: "get-environment")
@_extern(c, "guest get-environment") private func getEnvironment(_ result: UnsafeMutableRawPointer)

@_extern(wasm, module: "wasi:cli/exit@0.2.0", name: "exit")
@_extern(c, "guest exit") private func exitProgram(_ isFailure: Int32)

@_extern(wasm, module: "wasi:cli/stdin@0.2.0", name: "get-stdin")
@_extern(c, "guest get-stdin") private func getStandardInput() -> Int32

@_extern(wasm, module: "wasi:cli/stderr@0.2.0", name: "get-stderr")
@_extern(c, "guest get-stderr") private func getStandardError() -> Int32

/// What a program is started with. The world has to import what is used: `wasi:cli/environment`, `wasi:cli/exit`.
public enum Program {
    /// The arguments; the first one is the program's name.
    public static var arguments: [String] {
        withArea(8) { area, _ in
            getArguments(area)
            return ListCodec<StringCodec>.load(area)
        }
    }

    /// The variables of the environment, in its order.
    public static var environment: [(name: String, value: String)] {
        withArea(8) { area, _ in
            getEnvironment(area)
            return pairs(area) { (name: StringCodec.load($0), value: StringCodec.load($0 + 8)) }
        }
    }

    /// A variable of the environment; `nil` where it is not set. Names are compared as bytes.
    public static func variable(_ name: String) -> String? {
        environment.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }

    /// Ends the program.
    public static func exit(success: Bool = true) -> Never {
        StandardOutput.flush()
        exitProgram(success ? 0 : 1)
        fatalError()
    }
}

/// The elements of a list of pairs of strings or byte lists, each of 16 bytes; the list's memory is freed.
func pairs<Element>(_ list: UnsafeMutableRawPointer, _ read: (UnsafeMutableRawPointer) -> Element) -> [Element] {
    let count = list.core(4, Int.self)
    guard count > 0, let memory = UnsafeMutableRawPointer(bitPattern: list.core(0, Int.self)) else { return [] }
    let elements = [Element](unsafeUninitializedCapacity: count) { room, filled in
        for index in 0..<count {
            (room.baseAddress.unsafelyUnwrapped + index).initialize(to: read(memory + index &* 16))
        }
        filled = count
    }
    releaseMemory(memory)
    return elements
}

/// What comes in, in a world that imports `wasi:cli/stdin`.
public enum StandardInput {
    nonisolated(unsafe) private static var handle: Int32 = -1
    nonisolated(unsafe) private static var rest: [UInt8] = []

    private static var stream: Int32 {
        if handle < 0 { handle = getStandardInput() }
        return handle
    }

    /// The next bytes, which are waited for; empty at the end.
    public static func read(_ count: Int = 65536) -> [UInt8] {
        if !rest.isEmpty {
            let bytes = rest
            rest = []
            return bytes
        }
        return StreamHandles.read(stream, count) ?? []
    }

    /// All bytes up to the end.
    public static func readAll() -> [UInt8] {
        var bytes = rest
        rest = []
        bytes += StreamHandles.readAll(stream)
        return bytes
    }

    /// The next line without its end; `nil` after the last one. What is not UTF-8 in it is replaced.
    public static func readLine() -> String? {
        var line: [UInt8] = []
        while true {
            let bytes = read()
            if bytes.isEmpty { return line.isEmpty ? nil : String(decoding: line, as: UTF8.self) }
            if let end = bytes.firstIndex(of: 10) {
                line += bytes[..<end]
                rest = Array(bytes[(end + 1)...])
                if line.last == 13 { line.removeLast() }
                return String(decoding: line, as: UTF8.self)
            }
            line += bytes
        }
    }
}

/// Where messages go, in a world that imports `wasi:cli/stderr`.
public enum StandardError {
    nonisolated(unsafe) private static var handle: Int32 = -1

    /// Writes text as it is, without an end of the line.
    public static func write(_ text: String) {
        if handle < 0 { handle = getStandardError() }
        StringCodec.withBytes(text) { _ = StreamHandles.write(UnsafeRawBufferPointer($0), to: handle) }
    }
}
