// SPDX-License-Identifier: Apache-2.0

package import Foundation
import Synchronization

/// A program that a test starts. It inherits nothing but what it is given, and nobody's thread waits for its end.
///
/// (Foundation's `Process` notices the end of a program by a socket that other programs inherit if they are started at the same moment:
/// it comes late then, when they have ended, too.)
package final class TestProcess: Sendable {
    /// Where something is read from or written to.
    package enum Place: Sendable {
        /// Nowhere.
        case null
        /// A file, which is made anew for output.
        case file(String)
        /// A descriptor of this process.
        case descriptor(CInt)
    }

    package struct NotStarted: Error, CustomStringConvertible {
        package let description: String
    }

    private struct State {
        var status: CInt?
        var waiters: [@Sendable (CInt) -> Void] = []
    }

    /// Its number.
    package let identifier: pid_t
    private let state = Mutex(State())

    /// Starts a program, looked up in `PATH` unless its name has a slash.
    ///
    /// - Parameter environment: variables besides this process's own; an empty value removes one.
    /// - Throws: ``NotStarted``.
    package init(
        _ program: String, _ arguments: [String] = [], environment: [String: String] = [:], input: Place = .null,
        output: Place = .null, errors: Place = .null
    ) throws {
        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.filter { !$1.isEmpty }
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #else
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        for (number, place) in [input, output, errors].enumerated() {
            let flags = number == 0 ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC
            switch place {
            case .null:
                posix_spawn_file_actions_addopen(
                    &actions, CInt(number), "/dev/null", number == 0 ? O_RDONLY : O_WRONLY, 0)
            case .file(let path): posix_spawn_file_actions_addopen(&actions, CInt(number), path, flags, 0o644)
            case .descriptor(let descriptor): posix_spawn_file_actions_adddup2(&actions, descriptor, CInt(number))
            }
        }
        // The threads of tests may have signals blocked.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var started: pid_t = 0
        let error = Self.withStrings([program] + arguments) { arguments in
            Self.withStrings(variables.map { "\($0)=\($1)" }) {
                posix_spawnp(&started, program, &actions, &attributes, arguments, $0)
            }
        }
        guard error == 0 else {
            throw NotStarted(description: "cannot start `\(program)`: \(String(cString: strerror(error)))")
        }
        identifier = started
        Thread.detachNewThread { [self] in
            var status: CInt = 0
            while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
            let waiters = state.withLock { state in
                state.status = status
                defer { state.waiters = [] }
                return state.waiters
            }
            for waiter in waiters { waiter(status) }
        }
    }

    /// Calls `body` with C's form of `strings`.
    private static func withStrings(
        _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> CInt
    ) -> CInt {
        var pointers = strings.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeMutableBufferPointer { $0.baseAddress.map(body) ?? ENOMEM }
    }

    /// Whether it has not ended yet.
    package var isRunning: Bool { state.withLock { $0.status == nil } }

    /// Sends it a signal, unless it has ended.
    package func send(_ signal: CInt) {
        // Its number is its own as long as nobody has waited for it.
        state.withLock { if $0.status == nil { _ = kill(identifier, signal) } }
    }

    /// Waits for its end.
    ///
    /// - Returns: its exit code, and the signal that ended it; its code is 128 more then.
    @discardableResult
    package func end() async -> (code: CInt, signal: CInt?) {
        Self.outcome(await withCheckedContinuation { continuation in whenEnded { continuation.resume(returning: $0) } })
    }

    /// Waits for its end, for code that is no task.
    @discardableResult
    package func endHoldingThread() -> (code: CInt, signal: CInt?) {
        let end = DispatchSemaphore(value: 0)
        let found = Mutex<CInt>(0)
        whenEnded { status in
            found.withLock { $0 = status }
            end.signal()
        }
        end.wait()
        return Self.outcome(found.withLock { $0 })
    }

    private func whenEnded(_ body: @escaping @Sendable (CInt) -> Void) {
        let status = state.withLock { state -> CInt? in
            if state.status == nil { state.waiters.append(body) }
            return state.status
        }
        if let status { body(status) }
    }

    private static func outcome(_ status: CInt) -> (code: CInt, signal: CInt?) {
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8 & 0xFF, nil) : (128 + signal, signal)
    }
}

/// Work of tests that holds a thread: compilers, other programs. Tests have as few threads as there are processors, and those that
/// wait for something with a time limit need them.
package enum BlockingWork {
    /// Runs `body` on a thread of its own, with few others at the same time.
    package static func run<Success: Sendable>(_ body: @escaping @Sendable () throws -> Success) async throws -> Success
    {
        try await turn {
            try await withCheckedThrowingContinuation { continuation in
                let thread = Thread { continuation.resume(with: Result { try body() }) }
                thread.stackSize = 8 << 20
                thread.start()
            }
        }
    }

    /// What several tests need, made for the first of them.
    package struct Once<Value: Sendable>: Sendable {
        private let task: Task<Value, any Error>

        package init(_ body: @escaping @Sendable () throws -> Value) {
            task = Task.detached { try await run(body) }
        }

        package init(_ body: @escaping @Sendable () async throws -> Value) { task = Task.detached { try await body() } }

        package func get() async throws -> Value { try await task.value }
    }

    private struct State {
        var free = 2 * ProcessInfo.processInfo.activeProcessorCount
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private static let state = Mutex(State())

    /// Runs `body` when few others are at it.
    package static func turn<Success>(
        _ body: nonisolated(nonsending) () async throws -> Success
    ) async rethrows -> Success {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.free == 0 else {
                    state.free -= 1
                    return true
                }
                state.waiters.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
        defer {
            let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
                guard !state.waiters.isEmpty else {
                    state.free += 1
                    return nil
                }
                return state.waiters.removeFirst()
            }
            next?.resume()
        }
        return try await body()
    }
}
