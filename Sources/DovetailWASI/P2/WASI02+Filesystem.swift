// SPDX-License-Identifier: Apache-2.0

extension WASI02 {
    static let filesystem = [
        Interface(name: "wasi:filesystem/types") { linker, _ in FilesystemTypes.define(in: &linker, host) },
        Interface(name: "wasi:filesystem/preopens") { linker, _ in Preopens.define(in: &linker, host) },
    ]
}
