// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Files that are read and written whole.
enum OutputFile {
    /// The bytes of a file.
    static func read(_ path: String) throws(BindgenError) -> [UInt8] {
        guard let file = fopen(path, "rb") else { throw failure("read", path) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            if count > 0 { bytes += chunk[..<count] }
            if count < chunk.count { break }
        }
        guard ferror(file) == 0 else { throw failure("read", path) }
        return bytes
    }

    /// Writes a file, and the folders it is in; one that has this content already keeps its date.
    static func write(_ path: String, _ text: String) throws(BindgenError) {
        let bytes = Array(text.utf8)
        // What is no file, as a pipe or the link `/dev/stdout`, can be neither read first nor replaced.
        guard isReplaceable(path) else { return try put(bytes, into: path, for: path) }
        if let old = try? read(path), old == bytes { return }
        makeFolders(path)
        let scratch = path + ".new"
        try put(bytes, into: scratch, for: path)
        guard rename(scratch, path) == 0 else { throw failure("write", path) }
    }

    private static func put(_ bytes: [UInt8], into file: String, for path: String) throws(BindgenError) {
        guard let file = fopen(file, "wb") else { throw failure("write", path) }
        let written = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, written == bytes.count else { throw failure("write", path) }
    }

    private static func isReplaceable(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
    }

    /// Compares a file with what it should hold.
    static func check(_ path: String, _ text: String, command: String) throws(BindgenError) {
        guard try read(path) == Array(text.utf8) else {
            throw BindgenError(
                code: .input, message: "`\(path)` is out of date; make it again with `\(command)`", where: path)
        }
    }

    private static func makeFolders(_ path: String) {
        var end = path.startIndex
        while let slash = path[end...].dropFirst().firstIndex(of: "/") {
            // One that exists is as good; what else fails shows when the file is opened.
            _ = mkdir(String(path[..<slash]), 0o777)
            end = slash
        }
    }

    private static func failure(_ verb: String, _ path: String) -> BindgenError {
        BindgenError(
            code: .input, message: "cannot \(verb) `\(path)`: \(String(cString: strerror(errno)))", where: path)
    }
}
