// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailFiles
import Synchronization

/// The pages of their memories that the instances of a component write, learnt from some of them, so that the others have them from the
/// beginning.
///
/// The memory of a pooled instance is mapped from the module's data. The first write to each page is a fault, and, once the page was read, an
/// interrupt of all other processors that run threads of this process: with an interpreter as the guest, that is most of what a short
/// call takes. To ask for the pages that are going to be written takes one system call for each run of them.
final class WrittenPages: Sendable {
    /// A memory that a core instance defines and exports.
    private struct Memory: Sendable {
        let coreInstance: Int
        let export: String
    }

    private struct State {
        /// How many instances there were, and how many of them are observed now.
        var instances = 0
        var observed = 0
        /// What the last instances that were observed wrote, memory by memory.
        var samples: [[[Range<Int>]]] = []
        /// What at least two of them wrote.
        var known: [[Range<Int>]]?
        /// Set when the system cannot do it.
        var isImpossible = false
    }

    private let memories: [Memory]
    private let state = Mutex(State())

    /// How many instances count. The first may be those of health checks, which write little: what two of four wrote is worth asking for, as a
    /// page that is not needed takes a fraction of the time that a fault takes.
    private static let sampleCount = 4
    /// After the first ones, one among so many is observed, as what is asked of a component changes; and some before the first of these.
    private static let interval = 256

    /// - Returns: `nil` where there is nothing to learn: memories are not mapped, or none is exported.
    init?(_ component: Component) {
        guard case .pooling = component.engine.configuration.allocation else { return nil }
        memories = component.plan.initializers.compactMap { step -> Memory? in
            guard case .instantiate(let step) = step, case .embedded(let index) = step.module else { return nil }
            let module = component.modules[index]
            let isImported = module.imports.contains { if case .memory = $0.type { true } else { false } }
            let export = module.exports.first { if case .memory = $0.value { true } else { false } }
            guard !isImported, let export else { return nil }
            return Memory(coreInstance: step.coreInstance, export: export.key.text)
        }
        if memories.isEmpty { return nil }
    }

    /// Whether an instance that is being made is to be observed: it gets no pages beforehand and is given to ``observe(_:)`` at its end.
    func beginsObservation() -> Bool {
        state.withLock { state in
            state.instances += 1
            let isDue =
                state.samples.count < Self.sampleCount
                || [16, 64].contains(state.instances) || state.instances % Self.interval == 0
            guard isDue, state.observed < Self.sampleCount, !state.isImpossible else { return false }
            state.observed += 1
            return true
        }
    }

    /// Gives a core instance the pages that it is going to write.
    func provide(_ coreInstance: Int, of instance: InstanceState) {
        guard memories.contains(where: { $0.coreInstance == coreInstance }),
            let known = state.withLock({ $0.isImpossible ? nil : $0.known })
        else { return }
        for (memory, ranges) in zip(memories, known) where memory.coreInstance == coreInstance && !ranges.isEmpty {
            guard let bytes = instance.memory(memory.export, of: coreInstance), let start = bytes.baseAddress else {
                continue
            }
            for range in ranges {
                // It may have grown in the instances that were observed.
                let range = range.clamped(to: 0..<bytes.count)
                if range.isEmpty { break }
                guard AddressSpace.populate(start + range.lowerBound, range.count) else {
                    return state.withLock { $0.isImpossible = true }
                }
            }
        }
    }

    /// What is asked for, memory by memory.
    fileprivate var known: [[Range<Int>]]? { state.withLock { $0.known } }

    /// Learns from an instance whose calls are over.
    func observe(_ instance: InstanceState) {
        // One that did not get to its end has written less.
        let isWhole = instance.isComplete && !instance.hasTrapped
        let written = isWhole ? self.written(by: instance) : nil
        state.withLock { state in
            state.observed -= 1
            guard isWhole else { return }
            guard let written else {
                state.isImpossible = true
                return
            }
            if state.samples.count == Self.sampleCount { state.samples.removeFirst() }
            state.samples.append(written)
            guard state.samples.count > 1 else { return }
            state.known = memories.indices.map { memory in Self.writtenTwice(state.samples.map { $0[memory] }) }
        }
    }

    /// What an instance has written; `nil` when that cannot be told.
    fileprivate func written(by instance: InstanceState) -> [[Range<Int>]]? {
        var all: [[Range<Int>]] = []
        for memory in memories {
            guard let bytes = instance.memory(memory.export, of: memory.coreInstance),
                let ranges = AddressSpace.writtenPages(of: UnsafeRawBufferPointer(bytes))
            else { return nil }
            // What stays in memory need not be asked for.
            let beyond = Engine.Configuration.residentBytes..<max(Engine.Configuration.residentBytes, bytes.count)
            all.append(ranges.map { $0.clamped(to: beyond) }.filter { !$0.isEmpty })
        }
        return all
    }

    /// What is in at least two samples, with gaps of a page filled: such a page takes no longer than another system call.
    private static func writtenTwice(_ samples: [[Range<Int>]]) -> [Range<Int>] {
        var edges = samples.joined().flatMap {
            [(place: $0.lowerBound, isStart: true), (place: $0.upperBound, isStart: false)]
        }
        edges.sort { ($0.place, $0.isStart ? 1 : 0) < ($1.place, $1.isStart ? 1 : 0) }
        var (result, depth, start): ([Range<Int>], Int, Int) = ([], 0, 0)
        for edge in edges {
            depth += edge.isStart ? 1 : -1
            if edge.isStart, depth == 2 {
                start = edge.place
            } else if !edge.isStart, depth == 1 {
                if let last = result.last, start - last.upperBound <= AddressSpace.pageSize {
                    result[result.count - 1] = last.lowerBound..<edge.place
                } else {
                    result.append(start..<edge.place)
                }
            }
        }
        return result
    }
}

extension InstancePre {
    /// The bytes of each memory that instances are known to write, memory by memory; `nil` while that is not known.
    package var knownWrites: [[Range<Int>]]? { writtenPages?.known }
}

extension Instance {
    /// The bytes of each memory that are not those of the component's file any more; `nil` where that cannot be told.
    package var writes: [[Range<Int>]]? { state.pre.writtenPages?.written(by: state) }
}
