// SPDX-License-Identifier: Apache-2.0
internal import Dovetail
internal import DovetailABI

extension WASI02 {
    static let io = [
        Interface(name: "wasi:io/error") { linker, name in
            linker.defineResource("error", in: name, IOFailure.self)
            linker.define(
                "[method]error.to-debug-string", in: name,
                typed: { (_: Caller, error: Borrow<IOFailure>) in error.object.description })
        },
        Interface(name: "wasi:io/poll") { linker, name in
            linker.defineResource("pollable", in: name, Pollable.self)
            linker.define(
                "[method]pollable.ready", in: name,
                typed: { (caller: Caller, pollable: Borrow<Pollable>) throws -> Bool in
                    try pollable.object.isReady(caller.waiter)
                })
            linker.define(
                "[method]pollable.block", in: name,
                typed: { (caller: Caller, pollable: Borrow<Pollable>) throws -> Void in
                    try pollable.object.block(caller.waiter)
                })
            linker.define(
                "poll", in: name,
                typed: { (caller: Caller, pollables: [Borrow<Pollable>]) throws -> [UInt32] in
                    try Pollable.poll(pollables.map(\.object), caller.waiter)
                })
        },
        Interface(name: "wasi:io/streams") { linker, name in
            defineInputStream(&linker, name)
            defineOutputStream(&linker, name)
            defineSplices(&linker, name)
        },
    ]

    private static func defineInputStream(_ linker: inout Linker, _ name: String) {
        typealias Stream = Borrow<InputStream>
        linker.defineResource("input-stream", in: name, InputStream.self)
        linker.define(
            "[method]input-stream.read", in: name,
            typed: { (_: Caller, stream: Stream, count: UInt64) throws -> StreamOutcome<[UInt8]> in
                try streamOutcome { try stream.object.read(count) }
            })
        linker.define(
            "[method]input-stream.blocking-read", in: name,
            typed: { (caller: Caller, stream: Stream, count: UInt64) throws -> StreamOutcome<[UInt8]> in
                try streamOutcome { try stream.object.blockingRead(count, caller.waiter) }
            })
        linker.define(
            "[method]input-stream.skip", in: name,
            typed: { (_: Caller, stream: Stream, count: UInt64) throws -> StreamOutcome<UInt64> in
                try streamOutcome { try stream.object.skip(count) }
            })
        linker.define(
            "[method]input-stream.blocking-skip", in: name,
            typed: { (caller: Caller, stream: Stream, count: UInt64) throws -> StreamOutcome<UInt64> in
                try streamOutcome { try stream.object.blockingSkip(count, caller.waiter) }
            })
        linker.define(
            "[method]input-stream.subscribe", in: name,
            typed: { (_: Caller, stream: Stream) -> Own<Pollable> in Own(stream.object.subscribe()) })
    }

    private static func defineOutputStream(_ linker: inout Linker, _ name: String) {
        typealias Stream = Borrow<OutputStream>
        linker.defineResource("output-stream", in: name, OutputStream.self)
        linker.define(
            "[method]output-stream.check-write", in: name,
            typed: { (_: Caller, stream: Stream) throws -> StreamOutcome<UInt64> in
                try streamOutcome { try stream.object.checkWrite() }
            })
        linker.define(
            "[method]output-stream.write", in: name,
            typed: { (_: Caller, stream: Stream, bytes: [UInt8]) throws -> StreamOutcome<Empty> in
                try streamOutcome { () throws -> Void in try stream.object.write(bytes) }
            })
        linker.define(
            "[method]output-stream.blocking-write-and-flush", in: name,
            typed: { (caller: Caller, stream: Stream, bytes: [UInt8]) throws -> StreamOutcome<Empty> in
                try streamOutcome { () throws -> Void in
                    try stream.object.blockingWriteAndFlush(bytes, caller.waiter)
                }
            })
        linker.define(
            "[method]output-stream.flush", in: name,
            typed: { (_: Caller, stream: Stream) throws -> StreamOutcome<Empty> in
                try streamOutcome { () throws -> Void in try stream.object.flush() }
            })
        linker.define(
            "[method]output-stream.blocking-flush", in: name,
            typed: { (caller: Caller, stream: Stream) throws -> StreamOutcome<Empty> in
                try streamOutcome { () throws -> Void in try stream.object.blockingFlush(caller.waiter) }
            })
        linker.define(
            "[method]output-stream.subscribe", in: name,
            typed: { (_: Caller, stream: Stream) -> Own<Pollable> in Own(stream.object.subscribe()) })
        linker.define(
            "[method]output-stream.write-zeroes", in: name,
            typed: { (_: Caller, stream: Stream, count: UInt64) throws -> StreamOutcome<Empty> in
                try streamOutcome { () throws -> Void in try stream.object.writeZeroes(count) }
            })
        linker.define(
            "[method]output-stream.blocking-write-zeroes-and-flush", in: name,
            typed: { (caller: Caller, stream: Stream, count: UInt64) throws -> StreamOutcome<Empty> in
                try streamOutcome { () throws -> Void in
                    try stream.object.blockingWriteZeroesAndFlush(count, caller.waiter)
                }
            })
    }

    private static func defineSplices(_ linker: inout Linker, _ name: String) {
        typealias Source = Borrow<InputStream>
        typealias Sink = Borrow<OutputStream>
        linker.define(
            "[method]output-stream.splice", in: name,
            typed: { (_: Caller, sink: Sink, source: Source, count: UInt64) throws -> StreamOutcome<UInt64> in
                try streamOutcome { try sink.object.splice(from: source.object, count) }
            })
        linker.define(
            "[method]output-stream.blocking-splice", in: name,
            typed: { (caller: Caller, sink: Sink, source: Source, count: UInt64) throws -> StreamOutcome<UInt64> in
                try streamOutcome { try sink.object.blockingSplice(from: source.object, count, caller.waiter) }
            })
    }
}
