// SPDX-License-Identifier: Apache-2.0

/// The wording of every ``WASIError``.
extension WASIError {
    static func waitsForNothing() -> WASIError {
        WASIError(.deadlock, "waits for something that can never become ready")
    }

    static func interrupted() -> WASIError {
        WASIError(.interrupted, "interrupted by the host while waiting")
    }

    static func timedOut() -> WASIError {
        WASIError(.timedOut, "interrupted: the time limit was reached while the guest waited")
    }

    static func cannotWait(_ cause: any Error) -> WASIError {
        WASIError(.system, "the system refused to wait", cause: cause)
    }

    static func emptyPoll() -> WASIError {
        WASIError(.misuse, "expected at least one pollable, found an empty list", where: "wasi:io/poll#poll")
    }

    static func pollTooLong(_ count: Int) -> WASIError {
        WASIError(.limit, "expected at most 2^32 - 1 pollables, found \(count)", where: "wasi:io/poll#poll")
    }

    static func writeNotPermitted(_ count: UInt64, permit: UInt64, function: String) -> WASIError {
        WASIError(
            .misuse, "expected at most the \(permit) bytes that `check-write` permitted, found \(count)",
            where: "wasi:io/streams#[method]output-stream.\(function)")
    }

    static func blockingWriteTooLong(_ count: UInt64, function: String) -> WASIError {
        WASIError(
            .misuse, "expected at most 4096 bytes, found \(count); write in pieces",
            where: "wasi:io/streams#[method]output-stream.\(function)")
    }

    static func randomTooLong(_ count: UInt64, limit: Int, function: String) -> WASIError {
        WASIError(
            .limit, "expected a request of at most \(limit) random bytes, found \(count); ask in pieces",
            where: function)
    }

    static func randomFailed(_ cause: any Error) -> WASIError {
        WASIError(.system, "the system gave no random bytes", cause: cause)
    }

    static func cannotPreopen(_ path: String, _ cause: any Error) -> WASIError {
        WASIError(
            .configuration, "cannot open the folder `\(path)`; name one that exists and can be read",
            where: "preopens", cause: cause)
    }

    static func nulInConfiguration(_ text: String, field: String) -> WASIError {
        WASIError(.configuration, "expected text without NUL characters, found \(text.debugDescription)", where: field)
    }

    static func notAPlace(_ text: String) -> WASIError {
        WASIError(
            .configuration,
            "expected HOST or HOST:PORT, where HOST is a name, an address or `ADDRESS/BITS`, found `\(text)`",
            where: "network")
    }

    static func sendNotPermitted(_ count: Int, permit: UInt64) -> WASIError {
        WASIError(
            .misuse, "expected at most the \(permit) datagrams that `check-send` permitted, found \(count)",
            where: "wasi:sockets/udp#[method]outgoing-datagram-stream.send")
    }

    static func denied(_ function: String) -> WASIError {
        WASIError(.configuration, "the guest was not granted this interface", where: function)
    }
}
