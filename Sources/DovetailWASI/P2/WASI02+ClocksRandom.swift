// SPDX-License-Identifier: Apache-2.0
internal import Dovetail
internal import DovetailABI

extension WASI02 {
    static let clocks = [
        Interface(name: "wasi:clocks/monotonic-clock") { linker, name in
            linker.define(
                "now", in: name,
                typed: { (caller: Caller) throws -> UInt64 in try caller.wasi.monotonicClock.now() })
            linker.define(
                "resolution", in: name,
                typed: { (caller: Caller) throws -> UInt64 in try caller.wasi.monotonicClock.resolution() })
            linker.define(
                "subscribe-instant", in: name,
                typed: { (caller: Caller, instant: UInt64) throws -> Own<Pollable> in
                    let readiness = try caller.wasi.monotonicClock.readiness(at: instant)
                    return Own(Pollable { readiness })
                })
            linker.define(
                "subscribe-duration", in: name,
                typed: { (caller: Caller, nanoseconds: UInt64) throws -> Own<Pollable> in
                    let readiness = try caller.wasi.monotonicClock.readiness(after: nanoseconds)
                    return Own(Pollable { readiness })
                })
        },
        Interface(name: "wasi:clocks/wall-clock") { linker, _ in WallClock.define(in: &linker, host) },
    ]

    static let random = [
        Interface(name: "wasi:random/random") { linker, _ in Random.define(in: &linker, host) },
        Interface(name: "wasi:random/insecure") { linker, _ in Insecure.define(in: &linker, host) },
        Interface(name: "wasi:random/insecure-seed") { linker, _ in InsecureSeed.define(in: &linker, host) },
    ]
}
