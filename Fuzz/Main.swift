// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailWIT

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Feeds bytes to what reads untrusted input; whatever the bytes, it has to answer with a value or an error.
///
/// Built by `Scripts/fuzz`, the bytes come from libFuzzer. Built as usual, they come from the files named on the command line:
/// so an input that libFuzzer has found is tried again, or looked at in a debugger.
@main
enum Main {
    static func main() {
        #if FUZZING
            var count = CommandLine.argc
            var arguments = CommandLine.unsafeArgv
            exit(
                runFuzzer(&count, &arguments) { bytes, count in
                    Main.read(UnsafeRawBufferPointer(start: bytes, count: count))
                    return 0
                })
        #else
            for path in CommandLine.arguments.dropFirst() {
                guard let bytes = contents(of: path) else {
                    print("\(path): cannot be read")
                    continue
                }
                bytes.withUnsafeBytes { read($0) }
                print("\(path): read")
            }
        #endif
    }

    /// Whether the bytes are WIT text rather than a component: what `DOVETAIL_FUZZ` says.
    private static let isText = getenv("DOVETAIL_FUZZ").map { String(cString: $0) } == "wit"

    /// One input.
    private static func read(_ bytes: UnsafeRawBufferPointer) {
        if isText {
            _ = try? WIT.resolve(WITSource(text: String(decoding: bytes, as: UTF8.self)), features: .all)
        } else {
            _ = try? ComponentDecoder.decode(bytes)
        }
    }

    private static func contents(of path: String) -> [UInt8]? {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
        }
    }
}

#if FUZZING
    /// libFuzzer's loop. It links when the compiler is told `-sanitize=fuzzer`.
    @_silgen_name("LLVMFuzzerRunDriver")
    private func runFuzzer(
        _ count: UnsafeMutablePointer<Int32>,
        _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
        _ input: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
    ) -> Int32
#endif
