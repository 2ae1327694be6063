// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem

// The types of `wasi:filesystem` 0.2 out of those of the core, and back.

extension WASI02.FilesystemTypes {
    /// Runs an operation of the core; a failure is thrown as the code that a guest is given.
    static func answering<Success>(
        _ operation: () throws(FileSystemErrorCode) -> Success
    ) throws(ErrorCode) -> Success {
        do throws(FileSystemErrorCode) { return try operation() } catch { throw ErrorCode(error) }
    }
}

extension WASI02.FilesystemTypes.ErrorCode {
    /// The same code. Both enumerations have the cases in the order of the WIT.
    public init(_ code: FileSystemErrorCode) { self = Self(rawValue: code.rawValue) ?? .io }
}

extension WASI02.FilesystemTypes.DescriptorType {
    /// What a file is.
    init(_ kind: FileKind) {
        self =
            switch kind {
            case .unknown: .unknown
            case .blockDevice: .blockDevice
            case .characterDevice: .characterDevice
            case .directory: .directory
            case .fifo: .fifo
            case .symbolicLink: .symbolicLink
            case .regular: .regularFile
            case .socket: .socket
            }
    }
}

extension WASI02.FilesystemTypes.DescriptorStat {
    /// What is known of a file, with its times unless these are nobody's business.
    init(_ status: FileStatus, showsTimes: Bool) {
        func time(_ time: SystemTime) -> WASI02.WallClock.Datetime? { showsTimes ? .init(WallTime(time)) : nil }
        // What else is in a folder shows in its size and links, which differ between file systems as well.
        let size = !showsTimes && status.kind == .directory ? 0 : status.size
        self.init(
            type: .init(status.kind), linkCount: showsTimes ? status.links : 1, size: UInt64(clamping: size),
            dataAccessTimestamp: time(status.accessed), dataModificationTimestamp: time(status.modified),
            statusChangeTimestamp: time(status.changed))
    }
}

extension WASI02.FilesystemTypes.NewTimestamp {
    /// What becomes of a file's time.
    func change() throws(FileSystemErrorCode) -> FileTimeChange {
        switch self {
        case .noChange: return .keep
        case .now: return .now
        case .timestamp(let time):
            guard time.nanoseconds < 1_000_000_000 else { throw .invalid }
            guard let seconds = Int64(exactly: time.seconds) else { throw .overflow }
            return .time(SystemTime(seconds: seconds, nanoseconds: time.nanoseconds))
        }
    }
}

extension GuestListing: WASI02.FilesystemTypes.DirectoryEntryStream {
    /// The next entry of the directory; nil at the end.
    package func readDirectoryEntry() throws -> WASI02.FilesystemTypes.DirectoryEntry? {
        do throws(SystemError) {
            return try next().map { .init(type: .init($0.kind), name: $0.name) }
        } catch {
            throw WASI02.FilesystemTypes.ErrorCode(FileSystemErrorCode(error))
        }
    }
}
