// SPDX-License-Identifier: Apache-2.0

extension WASI02 {
    static let io = [
        Interface(name: "wasi:io/error") { linker, _ in Error.define(in: &linker) },
        Interface(name: "wasi:io/poll") { linker, _ in Poll.define(in: &linker, host) },
        Interface(name: "wasi:io/streams") { linker, _ in Streams.define(in: &linker) },
    ]
}
