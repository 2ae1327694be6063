// SPDX-License-Identifier: Apache-2.0
internal import Dovetail
internal import DovetailABI

extension WASI02 {
    static let filesystem = [
        Interface(name: "wasi:filesystem/types") { linker, name in
            linker.defineResource("descriptor", in: name, Descriptor.self)
            linker.defineResource("directory-entry-stream", in: name, DirectoryEntryStream.self)
            defineContents(&linker, name)
            defineDescriptor(&linker, name)
            defineEntries(&linker, name)
            definePaths(&linker, name)
            linker.define(
                "filesystem-error-code", in: name,
                typed: {
                    (_: Caller, failure: HostBorrow<any WASI02.Error.Error>) -> Enumeration<FileSystemErrorCode>? in
                    (failure.object as? IOFailure)?.fileSystemCode.map { Enumeration($0) }
                })
        },
        Interface(name: "wasi:filesystem/preopens") { linker, name in
            linker.define(
                "get-directories", in: name,
                typed: { (caller: Caller) throws -> [Tuple2<Own<Descriptor>, String>] in
                    try caller.wasi.directories().map { Tuple2(Own($0.descriptor), $0.guestPath) }
                })
        },
    ]

    private typealias File = Borrow<Descriptor>

    /// Defines a method of `descriptor` that gives a value.
    private static func method<each Parameter: Liftable & SendableMetatype, Success: Lowerable & SendableMetatype>(
        _ linker: inout Linker, _ interface: String, _ name: String,
        _ body: @escaping @Sendable (Descriptor, repeat each Parameter) throws -> Success
    ) {
        linker.define(
            "[method]descriptor.\(name)", in: interface,
            typed: { (_: Caller, file: File, parameters: repeat each Parameter) throws -> FileOutcome<Success> in
                try fileOutcome { () throws -> Success in try body(file.object, repeat each parameters) }
            })
    }

    private static func defineContents(_ linker: inout Linker, _ name: String) {
        typealias Input = HostOwn<any Streams.InputStream>
        typealias Output = HostOwn<any Streams.OutputStream>
        linker.define(
            "[method]descriptor.read-via-stream", in: name,
            typed: { (caller: Caller, file: File, offset: UInt64) throws -> FileOutcome<Input> in
                let wasi = try caller.wasi
                return try fileOutcome { Input(WASIInputStream(try file.object.readStream(at: offset), in: wasi)) }
            })
        linker.define(
            "[method]descriptor.write-via-stream", in: name,
            typed: { (caller: Caller, file: File, offset: UInt64) throws -> FileOutcome<Output> in
                let wasi = try caller.wasi
                return try fileOutcome { Output(WASIOutputStream(try file.object.writeStream(at: offset), in: wasi)) }
            })
        linker.define(
            "[method]descriptor.append-via-stream", in: name,
            typed: { (caller: Caller, file: File) throws -> FileOutcome<Output> in
                let wasi = try caller.wasi
                return try fileOutcome { Output(WASIOutputStream(try file.object.appendStream(), in: wasi)) }
            })
        method(&linker, name, "advise") {
            (file, offset: UInt64, length: UInt64, advice: Enumeration<FileAdvice>) throws -> Empty in
            try file.advise(offset: offset, length: length, advice.value)
            return Empty()
        }
        method(&linker, name, "set-size") { (file, size: UInt64) throws -> Empty in
            try file.setSize(size)
            return Empty()
        }
        method(&linker, name, "read") {
            (file, count: UInt64, offset: UInt64) throws -> Tuple2<[UInt8], Bool> in
            let result = try file.read(count, at: offset)
            return Tuple2(result.bytes, result.isAtEnd)
        }
        method(&linker, name, "write") { (file, bytes: [UInt8], offset: UInt64) throws -> UInt64 in
            try file.write(bytes, at: offset)
        }
    }

    private static func defineDescriptor(_ linker: inout Linker, _ name: String) {
        method(&linker, name, "sync-data") { file throws -> Empty in
            try file.syncData()
            return Empty()
        }
        method(&linker, name, "sync") { file throws -> Empty in
            try file.sync()
            return Empty()
        }
        method(&linker, name, "get-flags") { file in FlagsValue(try file.getFlags()) }
        method(&linker, name, "get-type") { file in Enumeration(file.kind) }
        method(&linker, name, "set-times") {
            (file, accessed: NewTimestampVariant, modified: NewTimestampVariant) throws -> Empty in
            try file.setTimes(accessed: accessed.value, modified: modified.value)
            return Empty()
        }
        method(&linker, name, "stat") { file in DescriptorStatRecord(try file.stat()) }
        method(&linker, name, "metadata-hash") { file in MetadataHashRecord(try file.stat().hash) }
        linker.define(
            "[method]descriptor.is-same-object", in: name,
            typed: { (_: Caller, file: File, other: File) -> Bool in file.object.isSameObject(as: other.object) })
    }

    private static func defineEntries(_ linker: inout Linker, _ name: String) {
        method(&linker, name, "read-directory") { file in Own(try file.readDirectory()) }
        linker.define(
            "[method]directory-entry-stream.read-directory-entry", in: name,
            typed: { (_: Caller, stream: Borrow<DirectoryEntryStream>) throws -> FileOutcome<DirectoryEntryRecord?> in
                try fileOutcome { () throws -> DirectoryEntryRecord? in
                    try stream.object.next().map { DirectoryEntryRecord($0) }
                }
            })
        method(&linker, name, "create-directory-at") { (file, path: String) throws -> Empty in
            try file.createDirectory(at: path)
            return Empty()
        }
        method(&linker, name, "remove-directory-at") { (file, path: String) throws -> Empty in
            try file.removeDirectory(at: path)
            return Empty()
        }
        method(&linker, name, "unlink-file-at") { (file, path: String) throws -> Empty in
            try file.unlinkFile(at: path)
            return Empty()
        }
        method(&linker, name, "link-at") {
            (file, flags: FlagsValue<PathFlags>, path: String, other: File, newPath: String) throws -> Empty in
            let follows = flags.value.contains(.symlinkFollow)
            try file.link(at: path, followLinks: follows, to: other.object, newPath)
            return Empty()
        }
        method(&linker, name, "rename-at") {
            (file, path: String, other: File, newPath: String) throws -> Empty in
            try file.rename(at: path, to: other.object, newPath)
            return Empty()
        }
        method(&linker, name, "symlink-at") { (file, target: String, path: String) throws -> Empty in
            try file.symlink(target: target, at: path)
            return Empty()
        }
        method(&linker, name, "readlink-at") { (file, path: String) in try file.readLink(at: path) }
    }

    private static func definePaths(_ linker: inout Linker, _ name: String) {
        method(&linker, name, "open-at") {
            (
                file, path: FlagsValue<PathFlags>, name: String, how: FlagsValue<OpenFlags>,
                flags: FlagsValue<DescriptorFlags>
            ) in
            let follows = path.value.contains(.symlinkFollow)
            return Own(try file.open(at: name, followLinks: follows, how.value, flags.value))
        }
        method(&linker, name, "stat-at") { (file, flags: FlagsValue<PathFlags>, path: String) in
            DescriptorStatRecord(try file.stat(at: path, followLinks: flags.value.contains(.symlinkFollow)))
        }
        method(&linker, name, "metadata-hash-at") { (file, flags: FlagsValue<PathFlags>, path: String) in
            let follows = flags.value.contains(.symlinkFollow)
            return MetadataHashRecord(try file.metadataHash(at: path, followLinks: follows))
        }
        method(&linker, name, "set-times-at") {
            (
                file, flags: FlagsValue<PathFlags>, path: String, accessed: NewTimestampVariant,
                modified: NewTimestampVariant
            ) throws -> Empty in
            try file.setTimes(
                at: path, followLinks: flags.value.contains(.symlinkFollow), accessed: accessed.value,
                modified: modified.value)
            return Empty()
        }
    }
}
