// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Where lines go, each at once, also when it is a file or a pipe.
struct Output {
    static let standard = Output(file: STDOUT_FILENO)
    static let error = Output(file: STDERR_FILENO)

    private let file: Int32

    private init(file: Int32) { self.file = file }

    func put(_ line: String) {
        var bytes = Array("\(line)\n".utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            // Nobody reads any more.
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }

    /// Says why and ends the process.
    static func fail(_ reason: any Error) -> Never {
        error.put("benchmarks: error: \(reason)")
        exit(1)
    }
}
