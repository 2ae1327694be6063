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
        Interface(name: "wasi:clocks/wall-clock") { linker, name in
            linker.define(
                "now", in: name,
                typed: { (caller: Caller) throws -> DatetimeRecord in
                    try DatetimeRecord(caller.wasi.configuration.wallClock.now())
                })
            linker.define(
                "resolution", in: name,
                typed: { (caller: Caller) throws -> DatetimeRecord in
                    try DatetimeRecord(caller.wasi.configuration.wallClock.resolution())
                })
        },
    ]

    static let random = [
        Interface(name: "wasi:random/random") { linker, name in
            linker.define(
                "get-random-bytes", in: name,
                typed: { (caller: Caller, count: UInt64) throws -> [UInt8] in try caller.wasi.randomBytes(count) })
            linker.define(
                "get-random-u64", in: name,
                typed: { (caller: Caller) throws -> UInt64 in try caller.wasi.randomNumber() })
        },
        Interface(name: "wasi:random/insecure") { linker, name in
            linker.define(
                "get-insecure-random-bytes", in: name,
                typed: { (caller: Caller, count: UInt64) throws -> [UInt8] in try caller.wasi.insecureBytes(count) })
            linker.define(
                "get-insecure-random-u64", in: name,
                typed: { (caller: Caller) throws -> UInt64 in try caller.wasi.insecureNumber() })
        },
        Interface(name: "wasi:random/insecure-seed") { linker, name in
            linker.define(
                "insecure-seed", in: name,
                typed: { (caller: Caller) throws -> Tuple2<UInt64, UInt64> in
                    let seed = try caller.wasi.insecureSeed()
                    return Tuple2(seed.0, seed.1)
                })
        },
    ]
}
