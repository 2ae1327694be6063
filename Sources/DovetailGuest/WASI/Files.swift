// SPDX-License-Identifier: Apache-2.0

@_extern(wasm, module: "wasi:filesystem/preopens@0.2.0", name: "get-directories")
@_extern(c, "guest get-directories") private func getDirectories(_ result: UnsafeMutableRawPointer)

@_extern(wasm, module: "wasi:filesystem/types@0.2.0", name: "[method]descriptor.open-at")
@_extern(c, "guest descriptor.open-at")
private func openAt(
    _ folder: Int32, _ pathFlags: Int32, _ path: Int32, _ count: Int32, _ openFlags: Int32, _ flags: Int32,
    _ result: UnsafeMutableRawPointer)

@_extern(wasm, module: "wasi:filesystem/types@0.2.0", name: "[method]descriptor.read")
@_extern(c, "guest descriptor.read")
private func readFile(_ file: Int32, _ count: Int64, _ offset: Int64, _ result: UnsafeMutableRawPointer)

@_extern(wasm, module: "wasi:filesystem/types@0.2.0", name: "[method]descriptor.write")
@_extern(c, "guest descriptor.write")
private func writeFile(
    _ file: Int32, _ bytes: Int32, _ count: Int32, _ offset: Int64, _ result: UnsafeMutableRawPointer)

@_extern(wasm, module: "wasi:filesystem/types@0.2.0", name: "[method]descriptor.append-via-stream")
@_extern(c, "guest descriptor.append-via-stream")
private func appendViaStream(_ file: Int32, _ result: UnsafeMutableRawPointer)

@_extern(wasm, module: "wasi:filesystem/types@0.2.0", name: "[method]descriptor.create-directory-at")
@_extern(c, "guest descriptor.create-directory-at")
private func createDirectoryAt(_ folder: Int32, _ path: Int32, _ count: Int32, _ result: UnsafeMutableRawPointer)

@_extern(wasm, module: "wasi:filesystem/types@0.2.0", name: "[method]descriptor.unlink-file-at")
@_extern(c, "guest descriptor.unlink-file-at")
private func unlinkFileAt(_ folder: Int32, _ path: Int32, _ count: Int32, _ result: UnsafeMutableRawPointer)

@_extern(wasm, module: "wasi:filesystem/types@0.2.0", name: "[method]descriptor.remove-directory-at")
@_extern(c, "guest descriptor.remove-directory-at")
private func removeDirectoryAt(_ folder: Int32, _ path: Int32, _ count: Int32, _ result: UnsafeMutableRawPointer)

@_extern(wasm, module: "wasi:filesystem/types@0.2.0", name: "[method]descriptor.read-directory")
@_extern(c, "guest descriptor.read-directory")
private func readDirectory(_ folder: Int32, _ result: UnsafeMutableRawPointer)

@_extern(wasm, module: "wasi:filesystem/types@0.2.0", name: "[method]directory-entry-stream.read-directory-entry")
@_extern(c, "guest directory-entry-stream.read-directory-entry")
private func readDirectoryEntry(_ stream: Int32, _ result: UnsafeMutableRawPointer)

@_extern(wasm, module: "wasi:filesystem/types@0.2.0", name: "[resource-drop]directory-entry-stream")
@_extern(c, "guest directory-entry-stream.drop") private func dropEntries(_ stream: Int32)

@_extern(wasm, module: "wasi:filesystem/types@0.2.0", name: "[resource-drop]descriptor")
@_extern(c, "guest descriptor.drop") private func dropDescriptor(_ descriptor: Int32)

/// Files below the directories that the host gives, in a world that imports `wasi:filesystem/types` and
/// `wasi:filesystem/preopens`. A path is looked up in the directory that the longest part of it names; one that does not
/// begin with `/`, in that called `.` or the first one.
public enum Files {
    /// The bytes of a file.
    public static func read(_ path: String) throws(FileError) -> [UInt8] {
        let file = try open(path, openFlags: 0, flags: 1)
        defer { dropDescriptor(file) }
        var bytes: [UInt8] = []
        while true {
            // result<tuple<list<u8>, bool>, error-code>
            let (piece, isEnd, code) = withArea(16) { area, _ -> ([UInt8], Bool, UInt8?) in
                readFile(file, 1 << 18, Int64(bytes.count), area)
                if area.load(as: UInt8.self) != 0 { return ([], true, area.load(fromByteOffset: 4, as: UInt8.self)) }
                return (ListCodec<UInt8.Codec>.load(area + 4), area.load(fromByteOffset: 12, as: UInt8.self) != 0, nil)
            }
            if let code { throw FileError(code: code) }
            if bytes.isEmpty { bytes = piece } else { bytes += piece }
            if isEnd || piece.isEmpty { return bytes }
        }
    }

    /// Makes a file with these bytes, or replaces what is in it.
    public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        let file = try open(path, openFlags: 1 | 8, flags: 2)
        defer { dropDescriptor(file) }
        let code = bytes.withUnsafeBytes { bytes -> UInt8? in
            let start = Int(bitPattern: bytes.baseAddress)
            var written = 0
            while written < bytes.count {
                // result<u64, error-code>
                let (count, code) = withArea(16) { area, _ -> (Int, UInt8?) in
                    writeFile(
                        file, Int32(truncatingIfNeeded: start &+ written),
                        Int32(truncatingIfNeeded: bytes.count &- written), Int64(written), area)
                    if area.load(as: UInt8.self) != 0 { return (0, area.load(fromByteOffset: 8, as: UInt8.self)) }
                    return (Int(truncatingIfNeeded: area.core(8, UInt64.self)), nil)
                }
                if let code { return code }
                // A host that takes nothing would keep the program here for ever.
                if count == 0 { return 13 }
                written &+= count
            }
            return nil
        }
        if let code { throw FileError(code: code) }
    }

    /// Puts bytes at the end of a file, which is made when there is none.
    public static func append(_ bytes: [UInt8], to path: String) throws(FileError) {
        let file = try open(path, openFlags: 1, flags: 2)
        defer { dropDescriptor(file) }
        let stream = try handle { appendViaStream(file, $0) }
        let isWritten = bytes.withUnsafeBytes { StreamHandles.write($0, to: stream) }
        dropOutputStream(stream)
        if !isWritten { throw FileError(code: 13) }
    }

    /// The names in a directory, in the host's order.
    public static func names(in path: String) throws(FileError) -> [String] {
        let folder = try open(path, openFlags: 2, flags: 1)
        defer { dropDescriptor(folder) }
        let entries = try handle { readDirectory(folder, $0) }
        defer { dropEntries(entries) }
        var names: [String] = []
        while true {
            // result<option<record { type, name }>, error-code>
            let (name, code) = withArea(24) { area, _ -> (String?, UInt8?) in
                readDirectoryEntry(entries, area)
                if area.load(as: UInt8.self) != 0 { return (nil, area.load(fromByteOffset: 4, as: UInt8.self)) }
                if area.load(fromByteOffset: 4, as: UInt8.self) == 0 { return (nil, nil) }
                return (StringCodec.load(area + 12), nil)
            }
            if let code { throw FileError(code: code) }
            guard let name else { return names }
            names.append(name)
        }
    }

    /// Whether there is something at a path that can be opened.
    public static func exists(_ path: String) -> Bool {
        guard let found = try? open(path, openFlags: 0, flags: 1) else { return false }
        dropDescriptor(found)
        return true
    }

    /// Makes a directory; the one around it has to exist.
    public static func makeDirectory(_ path: String) throws(FileError) { try change(path, createDirectoryAt) }

    /// Removes a file.
    public static func remove(_ path: String) throws(FileError) { try change(path, unlinkFileAt) }

    /// Removes an empty directory.
    public static func removeDirectory(_ path: String) throws(FileError) { try change(path, removeDirectoryAt) }

    // MARK: - Paths

    private static func change(
        _ path: String, _ operation: (Int32, Int32, Int32, UnsafeMutableRawPointer) -> Void
    ) throws(FileError) {
        // result<_, error-code>
        let code = try within(path) { folder, path, count in
            withArea(8) { area, _ -> UInt8? in
                operation(folder, path, count, area)
                return area.load(as: UInt8.self) == 0 ? nil : area.load(fromByteOffset: 1, as: UInt8.self)
            }
        }
        if let code { throw FileError(code: code) }
    }

    private static func open(_ path: String, openFlags: Int32, flags: Int32) throws(FileError) -> Int32 {
        let (file, code) = try within(path) { folder, path, count in
            withArea(8) { area, _ -> (Int32, UInt8?) in
                openAt(folder, 1, path, count, openFlags, flags, area)
                return result(area)
            }
        }
        if let code { throw FileError(code: code) }
        return file
    }

    private static func handle(_ call: (UnsafeMutableRawPointer) -> Void) throws(FileError) -> Int32 {
        let (handle, code) = withArea(8) { area, _ -> (Int32, UInt8?) in
            call(area)
            return result(area)
        }
        if let code { throw FileError(code: code) }
        return handle
    }

    /// A `result` of a handle.
    private static func result(_ area: UnsafeMutableRawPointer) -> (Int32, UInt8?) {
        if area.load(as: UInt8.self) != 0 { return (0, area.load(fromByteOffset: 4, as: UInt8.self)) }
        return (area.core(4, Int32.self), nil)
    }

    /// Calls `body` with the directory that a path is in, and the rest of the path as bytes in memory.
    private static func within<Result>(
        _ path: String, _ body: (Int32, Int32, Int32) -> Result
    ) throws(FileError) -> Result {
        let folders = withArea(8) { area, _ in
            getDirectories(area)
            return directories(area)
        }
        defer { for folder in folders { dropDescriptor(folder.handle) } }
        let found = StringCodec.withBytes(path) { path -> (handle: Int32, rest: Int)? in
            var best: (handle: Int32, rest: Int)?
            for folder in folders {
                guard let rest = rest(of: path, in: folder.name), rest >= best?.rest ?? -1 else { continue }
                best = (folder.handle, rest)
            }
            if best == nil, path.first != 47, let first = folders.first { best = (first.handle, 0) }
            return best
        }
        guard let found else { throw FileError.access }
        return StringCodec.withBytes(path) { bytes in
            let rest = UnsafeBufferPointer(rebasing: bytes[found.rest...])
            if rest.isEmpty {
                let here: StaticString = "."
                return body(found.handle, Int32(truncatingIfNeeded: Int(bitPattern: here.utf8Start)), 1)
            }
            return body(
                found.handle, Int32(truncatingIfNeeded: Int(bitPattern: rest.baseAddress)),
                Int32(truncatingIfNeeded: rest.count))
        }
    }

    /// Where the rest of a path begins behind the name of a directory that it is in.
    private static func rest(of path: UnsafeBufferPointer<UInt8>, in folder: [UInt8]) -> Int? {
        if folder == [46] { return path.first == 47 ? nil : 0 }
        guard path.count >= folder.count, path.prefix(folder.count).elementsEqual(folder) else { return nil }
        var rest = folder.count
        guard rest == path.count || folder.last == 47 || path[rest] == 47 else { return nil }
        while rest < path.count, path[rest] == 47 { rest += 1 }
        return rest
    }

    /// The elements of a `list<tuple<own<descriptor>, string>>`.
    private static func directories(_ list: UnsafeMutableRawPointer) -> [(handle: Int32, name: [UInt8])] {
        let count = list.core(4, Int.self)
        guard count > 0, let memory = UnsafeMutableRawPointer(bitPattern: list.core(0, Int.self)) else { return [] }
        var result: [(handle: Int32, name: [UInt8])] = []
        for index in 0..<count {
            let place = memory + index &* 12
            result.append((place.core(0, Int32.self), ListCodec<UInt8.Codec>.load(place + 4)))
        }
        releaseMemory(memory)
        return result
    }
}
