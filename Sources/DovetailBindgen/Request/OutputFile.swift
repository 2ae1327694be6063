// SPDX-License-Identifier: Apache-2.0

import DovetailFiles

/// Files that are read and written whole.
enum OutputFile {
    /// The bytes of a file.
    static func read(_ path: String) throws(BindgenError) -> [UInt8] {
        do throws(SystemError) {
            return path == "-" ? try StandardDescriptors.input.readAll() : try Files.read(path)
        } catch { throw failure("read", path, error) }
    }

    /// Writes a file, and the folders it is in; one that has this content already keeps its date.
    static func write(_ path: String, _ text: String) throws(BindgenError) {
        let bytes = Array(text.utf8)
        do throws(SystemError) {
            // A pipe or a device would wait for somebody who writes.
            if Files.status(path)?.kind == .regular, let old = try? Files.read(path), old == bytes { return }
            try Files.makeDirectories(above: path)
            try bytes.withRawBytes { (bytes) throws(SystemError) in try Files.replace(path, with: bytes) }
        } catch {
            throw failure("write", path, error)
        }
    }

    /// Compares a file with what it should hold.
    static func check(_ path: String, _ text: String, command: String) throws(BindgenError) {
        guard try read(path) == Array(text.utf8) else {
            throw BindgenError(
                code: .input, message: "`\(path)` is out of date; make it again with `\(command)`", where: path)
        }
    }

    private static func failure(_ verb: String, _ path: String, _ error: SystemError) -> BindgenError {
        BindgenError(code: .input, message: "cannot \(verb) `\(path)`: \(error)", where: path)
    }
}
