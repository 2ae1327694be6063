// SPDX-License-Identifier: Apache-2.0

import Dovetail

extension WASI02.FilesystemTypes.Imports where Self: WASI02.Provider {
    /// The code of a failure that came from a file; nil for any other.
    public func filesystemErrorCode(err: any WASI02.Error.Error) throws -> WASI02.FilesystemTypes.ErrorCode? {
        (err as? IOFailure)?.fileSystemCode.map { .init($0) }
    }
}

extension WASI02.Preopens.Imports where Self: WASI02.Provider {
    /// The preopened folders of the configuration and the names under which the guest knows them.
    public func getDirectories() throws -> [(any WASI02.FilesystemTypes.Descriptor, String)] {
        wasi.directories().map { ($0.descriptor, $0.guestPath) }
    }
}
