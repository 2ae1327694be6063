// SPDX-License-Identifier: Apache-2.0

public import DovetailSystem

/// The representation of the resource `wasi:io/poll.pollable`: something that can be asked, again and again, what it waits for.
///
/// Streams are pollables themselves, so that subscribing to one makes no further object.
public class Pollable {
    private enum Source {
        case fixed(Readiness)
        case asked(() -> Readiness)
    }

    private let source: Source
    let wasi: WASIContext?

    /// Makes a pollable of anything that can say what it waits for.
    ///
    /// - Parameters:
    ///   - wasi: says how calls of the guest wait; without, they block the thread.
    ///   - source: says what it waits for at the moment.
    public init(in wasi: WASIContext? = nil, _ source: @escaping () -> Readiness) {
        self.source = .asked(source)
        self.wasi = wasi
    }

    /// Makes a pollable that waits for the same always; subclasses say by ``readiness`` what they wait for.
    init(in wasi: WASIContext?, fixed readiness: Readiness) {
        source = .fixed(readiness)
        self.wasi = wasi
    }

    /// How calls of the guest wait.
    var waiter: any ReadinessWaiter { wasi?.waiter ?? PollWaiter() }

    /// What it waits for at this moment.
    public var readiness: Readiness {
        switch source {
        case .fixed(let readiness): readiness
        case .asked(let ask): ask()
        }
    }

    /// `[method]pollable.block`.
    package func block(_ waiter: any ReadinessWaiter) throws {
        repeat { try waiter.wait(for: readiness) } while try !isStillReady(waiter)
    }

    /// Whether what was waited for is so: meanwhile it may have become something else, a connection's response instead of the connection.
    func isStillReady(_ waiter: any ReadinessWaiter) throws -> Bool {
        guard case .asked(let ask) = source else { return true }
        return try !waiter.ready(among: [ask()]).isEmpty
    }
}
