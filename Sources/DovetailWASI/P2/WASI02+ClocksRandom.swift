// SPDX-License-Identifier: Apache-2.0

extension WASI02 {
    static let clocks = [
        Interface(name: "wasi:clocks/monotonic-clock") { linker, _ in MonotonicClock.define(in: &linker, host) },
        Interface(name: "wasi:clocks/wall-clock") { linker, _ in WallClock.define(in: &linker, host) },
    ]

    static let random = [
        Interface(name: "wasi:random/random") { linker, _ in Random.define(in: &linker, host) },
        Interface(name: "wasi:random/insecure") { linker, _ in Insecure.define(in: &linker, host) },
        Interface(name: "wasi:random/insecure-seed") { linker, _ in InsecureSeed.define(in: &linker, host) },
    ]
}
