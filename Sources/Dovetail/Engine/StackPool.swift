// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailFiles
import Synchronization

/// Stacks of fibers that are used again as they are: guests cannot read them.
final class StackPool: @unchecked Sendable {
    // @unchecked because a stack belongs to whoever has it, and `idle` holds those that nobody has.

    /// How many stacks keep the pages that were touched.
    private static let keptStacks = 64
    /// The bytes below a stack that are never accessible.
    private static let guardSize = 64 << 10

    private struct Stack {
        let pool: Unmanaged<StackPool>
        let base: UnsafeMutableRawPointer
        let size: Int
    }

    private struct Kept: @unchecked Sendable {
        // @unchecked because whoever takes it out has it for itself.
        let stack: UnsafeMutablePointer<Stack>
    }

    private let api: EngineLibrary.Table
    private let maximumIdle: Int
    private let idle = Mutex<[Kept]>([])

    init(_ api: EngineLibrary.Table, maximumIdle: Int) {
        self.api = api
        self.maximumIdle = maximumIdle
    }

    deinit {
        for kept in idle.withLock({ $0 }) { Self.unmap(kept.stack) }
    }

    /// Lets an engine take its stacks from here, and keep the pool as long as it needs it.
    func attach(to configuration: OpaquePointer) {
        var creator = wasmtime_stack_creator_t()
        creator.env = Unmanaged.passRetained(self).toOpaque()
        creator.finalizer = { pool in pool.map { Unmanaged<StackPool>.fromOpaque($0).release() } }
        creator.new_stack = { pool, size, isZeroed, result in
            guard let pool else { return nil }
            return Unmanaged<StackPool>.fromOpaque(pool)._withUnsafeGuaranteedRef { pool in
                do throws(SystemError) {
                    result.pointee = StackPool.description(of: try pool.take(size, isZeroed: isZeroed))
                    return nil
                } catch {
                    return pool.api.functions.pointee.wasmtime_error_new(
                        "the system gives no stack of \(size) bytes: \(error)")
                }
            }
        }
        api.functions.pointee.wasmtime_config_host_stack_creator_set(configuration, &creator)
    }

    private static func description(of stack: UnsafeMutablePointer<Stack>) -> wasmtime_stack_memory_t {
        var description = wasmtime_stack_memory_t()
        description.env = UnsafeMutableRawPointer(stack)
        description.get_stack_memory = { stack, size in
            guard let stack = stack?.assumingMemoryBound(to: Stack.self) else { return nil }
            size.pointee = stack.pointee.size
            // The engine asks for the end that is used first.
            return (stack.pointee.base + stack.pointee.size).assumingMemoryBound(to: UInt8.self)
        }
        description.finalizer = { stack in
            guard let stack = stack?.assumingMemoryBound(to: Stack.self) else { return }
            stack.pointee.pool._withUnsafeGuaranteedRef { $0.give(back: stack) }
        }
        return description
    }

    private func take(_ wanted: Int, isZeroed: Bool) throws(SystemError) -> UnsafeMutablePointer<Stack> {
        guard let size = AddressSpace.pages(wanted) else { throw .outOfMemory }
        let known = idle.withLock { $0.last?.stack.pointee.size == size ? $0.popLast() : nil }
        guard let known = known?.stack else { return try map(size) }
        if isZeroed { try AddressSpace.clear(known.pointee.base, size, keepingPages: 0) }
        return known
    }

    private func give(back stack: UnsafeMutablePointer<Stack>) {
        let rank = idle.withLock { $0.count }
        guard rank < maximumIdle else { return Self.unmap(stack) }
        do throws(SystemError) {
            if rank >= Self.keptStacks {
                try AddressSpace.clear(stack.pointee.base, stack.pointee.size, keepingPages: 0)
            }
        } catch {
            return Self.unmap(stack)
        }
        let kept = Kept(stack: stack)
        idle.withLock { $0.append(kept) }
    }

    private func map(_ size: Int) throws(SystemError) -> UnsafeMutablePointer<Stack> {
        let (whole, overflow) = size.addingReportingOverflow(Self.guardSize)
        guard !overflow else { throw .outOfMemory }
        let start = try AddressSpace.reserve(whole)
        do throws(SystemError) {
            try AddressSpace.setAccessible(start + Self.guardSize, size, true)
        } catch {
            AddressSpace.release(start, whole)
            throw error
        }
        let stack = UnsafeMutablePointer<Stack>.allocate(capacity: 1)
        stack.initialize(to: Stack(pool: .passUnretained(self), base: start + Self.guardSize, size: size))
        return stack
    }

    private static func unmap(_ stack: UnsafeMutablePointer<Stack>) {
        AddressSpace.release(stack.pointee.base - guardSize, stack.pointee.size + guardSize)
        stack.deallocate()
    }
}
