// SPDX-License-Identifier: Apache-2.0

internal import CDovetailSystem
import DovetailFiles
internal import Synchronization

/// The resolution of a host name, under way on a thread that nobody waits for.
package final class NameLookup: Sendable {
    /// Why there are no addresses.
    package enum Failure: Error, Hashable, Sendable {
        /// There is no such name, or it has no address.
        case unknownName
        /// It may work later; too many lookups at once count as this.
        case temporary
        /// The system's resolver does not work.
        case permanent
        /// The system is out of memory.
        case outOfMemory
    }

    /// The most addresses one name gives.
    package static let limit = 256
    /// How many threads resolve names, and how many lookups may wait for one.
    static let threads = 4
    static let queue = 1024

    private let name: String
    private let outcome = Mutex<Result<[IPAddress], Failure>?>(nil)
    /// Raised when there is a result.
    package let done = ReadinessSignal()

    private init(_ name: String) { self.name = name }

    /// What it came to; nil before that.
    package var result: Result<[IPAddress], Failure>? { outcome.withLock { $0 } }

    private func finish(_ result: Result<[IPAddress], Failure>) {
        outcome.withLock { $0 = result }
        done.raise()
    }

    private func resolve() {
        var raw = [dovetail_sys_address](repeating: dovetail_sys_address(), count: Self.limit)
        var count = 0
        let code = dovetail_sys_resolve(name, &raw, raw.count, &count)
        switch Int(code) {
        case 0:
            // Each once, in the system's order of preference.
            var known: Set<IPAddress> = []
            finish(.success(raw.prefix(count).map { IPAddress($0).unmapped }.filter { known.insert($0).inserted }))
        case DOVETAIL_RESOLVE_UNKNOWN_NAME: finish(.failure(.unknownName))
        case DOVETAIL_RESOLVE_TEMPORARY: finish(.failure(.temporary))
        case DOVETAIL_RESOLVE_MEMORY: finish(.failure(.outOfMemory))
        default: finish(.failure(.permanent))
        }
    }

    /// One that is over already.
    package static func known(_ addresses: [IPAddress]) -> NameLookup {
        let lookup = NameLookup("")
        lookup.finish(.success(addresses))
        return lookup
    }

    // MARK: - The threads

    private struct Entry {
        // One that nobody is interested in any more is passed over.
        weak var lookup: NameLookup?
    }

    private struct Pool {
        var waiting: [Entry] = []
        /// How many of them were taken already.
        var taken = 0
        var threads = 0

        mutating func next() -> NameLookup? {
            while taken < waiting.count {
                let entry = waiting[taken]
                taken += 1
                if taken > 64, taken * 2 > waiting.count {
                    waiting.removeFirst(taken)
                    taken = 0
                }
                if let lookup = entry.lookup { return lookup }
            }
            waiting = []
            taken = 0
            return nil
        }
    }

    private static let pool = Mutex(Pool())

    /// Begins to resolve a name; an address in text form is one at once.
    package static func start(_ name: String) -> NameLookup {
        let lookup = NameLookup(name)
        if let address = IPAddress(name) {
            lookup.finish(.success([address.unmapped]))
            return lookup
        }
        guard !name.utf8.contains(0) else {
            lookup.finish(.failure(.unknownName))
            return lookup
        }
        let (isTaken, starts) = pool.withLock { pool in
            guard pool.waiting.count - pool.taken < queue else { return (false, false) }
            pool.waiting.append(Entry(lookup: lookup))
            guard pool.threads < threads else { return (true, false) }
            pool.threads += 1
            return (true, true)
        }
        if !isTaken { lookup.finish(.failure(.temporary)) }
        guard starts else { return lookup }
        do throws(SystemError) {
            try SystemThread.start("dovetail-names") { work() }
        } catch {
            let isAlone = pool.withLock { pool in
                pool.threads -= 1
                return pool.threads == 0
            }
            // Another thread would have come to it.
            if isAlone { lookup.finish(.failure(.temporary)) }
        }
        return lookup
    }

    /// Resolves what is waiting, and ends when there is nothing more: a thread costs little beside a lookup.
    private static func work() {
        while true {
            let next = pool.withLock { pool -> NameLookup? in
                if let next = pool.next() { return next }
                pool.threads -= 1
                return nil
            }
            guard let next else { return }
            next.resolve()
        }
    }
}
