// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailFiles
import Synchronization

/// Linear memories that are used again: what an instance touched is filled with zeroes when it goes, and is there for the next.
///
/// To map and unmap a memory for each instance, or to give its pages back to the system, takes system calls, a page fault for each page
/// that is touched anew, and each time an interrupt of all other processors that run threads of this process.
final class MemoryPool: @unchecked Sendable {
    // @unchecked because memories are changed by whoever has them, and `idle` holds those that nobody has.

    /// How many pages of a memory stay with it between two instances, and of how many memories.
    private static let (keptPages, keptMemories) = (64, 64)

    /// The memory of an instance, or of none.
    private struct Memory {
        let pool: Unmanaged<MemoryPool>
        /// The bytes on both sides that are never accessible.
        let guardSize: Int
        /// Where it begins, and how far it can grow there.
        var base: UnsafeMutableRawPointer
        var capacity: Int
        /// How many bytes are accessible, and how many of them are the instance's.
        var accessible = 0
        var size = 0
    }

    private struct Idle {
        /// How far those that are kept can grow; another memory is not kept.
        var capacity = 0
        var memories: [Kept] = []
    }

    private struct Kept: @unchecked Sendable {
        // @unchecked because whoever takes it out has it for itself.
        let memory: UnsafeMutablePointer<Memory>
    }

    private let api: EngineLibrary.Table
    private let maximumIdle: Int
    private let idle = Mutex(Idle())

    init(_ api: EngineLibrary.Table, maximumIdle: Int) {
        self.api = api
        self.maximumIdle = maximumIdle
    }

    deinit {
        for kept in idle.withLock({ $0.memories }) { Self.unmap(kept.memory) }
    }

    /// Lets an engine take its memories from here, and keep the pool as long as it needs it.
    func attach(to configuration: OpaquePointer) {
        var creator = wasmtime_memory_creator_t()
        creator.env = Unmanaged.passRetained(self).toOpaque()
        creator.finalizer = { pool in pool.map { Unmanaged<MemoryPool>.fromOpaque($0).release() } }
        creator.new_memory = { pool, _, minimum, _, reserved, guardSize, result in
            guard let pool else { return nil }
            return Unmanaged<MemoryPool>.fromOpaque(pool)._withUnsafeGuaranteedRef { pool in
                do throws(SystemError) {
                    let memory = try pool.take(size: minimum, capacity: max(minimum, reserved), guardSize)
                    result.pointee = MemoryPool.description(of: memory)
                    return nil
                } catch {
                    return pool.failure(error, minimum)
                }
            }
        }
        api.functions.pointee.wasmtime_config_host_memory_creator_set(configuration, &creator)
    }

    private static func description(of memory: UnsafeMutablePointer<Memory>) -> wasmtime_linear_memory_t {
        var description = wasmtime_linear_memory_t()
        description.env = UnsafeMutableRawPointer(memory)
        description.get_memory = { memory, size, capacity in
            guard let memory = memory?.assumingMemoryBound(to: Memory.self) else { return nil }
            size.pointee = memory.pointee.size
            capacity.pointee = memory.pointee.capacity
            return memory.pointee.base.assumingMemoryBound(to: UInt8.self)
        }
        description.grow_memory = { memory, size in
            guard let memory = memory?.assumingMemoryBound(to: Memory.self) else { return nil }
            do throws(SystemError) {
                try MemoryPool.resize(memory, size)
                return nil
            } catch {
                return memory.pointee.pool._withUnsafeGuaranteedRef { $0.failure(error, size) }
            }
        }
        description.finalizer = { memory in
            guard let memory = memory?.assumingMemoryBound(to: Memory.self) else { return }
            memory.pointee.pool._withUnsafeGuaranteedRef { $0.give(back: memory) }
        }
        return description
    }

    private func failure(_ error: SystemError, _ size: Int) -> OpaquePointer {
        api.functions.pointee.wasmtime_error_new("the system gives no memory of \(size) bytes: \(error)")
    }

    // MARK: One memory

    private func take(
        size: Int, capacity: Int, _ guardSize: Int
    ) throws(SystemError) -> UnsafeMutablePointer<Memory> {
        let known = idle.withLock { idle -> Kept? in
            guard capacity == idle.capacity, idle.memories.last?.memory.pointee.guardSize == guardSize else {
                return nil
            }
            return idle.memories.popLast()
        }
        let memory: UnsafeMutablePointer<Memory>
        if let known {
            memory = known.memory
        } else {
            let (base, capacity) = try Self.map(capacity, guardSize)
            memory = .allocate(capacity: 1)
            memory.initialize(
                to: Memory(pool: .passUnretained(self), guardSize: guardSize, base: base, capacity: capacity))
        }
        do throws(SystemError) {
            // Whatever is past its end must not be there.
            try Self.setAccessible(memory, size)
            memory.pointee.size = size
            return memory
        } catch {
            Self.unmap(memory)
            throw error
        }
    }

    private func give(back memory: UnsafeMutablePointer<Memory>) {
        let (rank, capacity) = idle.withLock { ($0.memories.count, $0.capacity) }
        guard rank < maximumIdle, capacity == 0 || capacity == memory.pointee.capacity else {
            return Self.unmap(memory)
        }
        do throws(SystemError) {
            try AddressSpace.clear(
                memory.pointee.base, memory.pointee.accessible,
                keepingPages: rank < Self.keptMemories ? Self.keptPages : 0)
        } catch {
            return Self.unmap(memory)
        }
        let kept = Kept(memory: memory)
        idle.withLock { idle in
            idle.capacity = kept.memory.pointee.capacity
            idle.memories.append(kept)
        }
    }

    private static func map(
        _ capacity: Int, _ guardSize: Int
    ) throws(SystemError) -> (base: UnsafeMutableRawPointer, capacity: Int) {
        guard let capacity = AddressSpace.pages(capacity) else { throw .outOfMemory }
        let (size, overflow) = capacity.addingReportingOverflow(2 * guardSize)
        guard !overflow else { throw .outOfMemory }
        return (try AddressSpace.reserve(size) + guardSize, capacity)
    }

    private static func unmap(_ memory: UnsafeMutablePointer<Memory>) {
        let guardSize = memory.pointee.guardSize
        AddressSpace.release(memory.pointee.base - guardSize, memory.pointee.capacity + 2 * guardSize)
        memory.deallocate()
    }

    private static func setAccessible(_ memory: UnsafeMutablePointer<Memory>, _ size: Int) throws(SystemError) {
        guard let wanted = AddressSpace.pages(size) else { throw .outOfMemory }
        let (base, accessible) = (memory.pointee.base, memory.pointee.accessible)
        if wanted > accessible {
            try AddressSpace.setAccessible(base + accessible, wanted - accessible, true)
        } else if wanted < accessible {
            try AddressSpace.setAccessible(base + wanted, accessible - wanted, false)
        }
        memory.pointee.accessible = wanted
    }

    /// Lets a memory grow. Where there is no room it moves, which only those do that the engine expects to.
    private static func resize(_ memory: UnsafeMutablePointer<Memory>, _ size: Int) throws(SystemError) {
        if size > memory.pointee.capacity {
            let guardSize = memory.pointee.guardSize
            let old = memory.pointee
            // With room, so that what grows by little does not move each time.
            let (roomy, overflow) = size.addingReportingOverflow(size / 2)
            let (base, capacity) = try map(overflow ? size : roomy, guardSize)
            (memory.pointee.base, memory.pointee.capacity, memory.pointee.accessible) = (base, capacity, 0)
            do throws(SystemError) {
                try setAccessible(memory, size)
            } catch {
                AddressSpace.release(base - guardSize, capacity + 2 * guardSize)
                memory.pointee = old
                throw error
            }
            base.copyMemory(from: old.base, byteCount: old.size)
            AddressSpace.release(old.base - guardSize, old.capacity + 2 * guardSize)
        } else {
            try setAccessible(memory, size)
        }
        memory.pointee.size = size
    }
}
