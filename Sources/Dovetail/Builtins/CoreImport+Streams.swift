// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailBinaryReader
import DovetailValidation

/// The built-ins of streams and futures.
extension CoreImport {
    func callCopy(
        _ builtin: CanonicalBuiltin, _ element: ElementType, _ layout: ValueLayout?,
        _ environment: InstanceEnvironment?, _ slots: UnsafeMutableRawPointer
    ) throws {
        var reader = FlatReader(slots)
        var writer = FlatWriter(slots)
        switch builtin {
        case .streamNew, .futureNew:
            let (readable, writable) = AsyncEnd.pair(
                isStream: builtin.isStream, element, component, in: instance.store.link)
            readable.index = try component.handles.add(object: readable)
            writable.index = try component.handles.add(object: writable)
            writer.write(UInt64(readable.index) | UInt64(writable.index) << 32)
        case .streamRead(_, let options), .streamWrite(_, let options), .futureRead(_, let options),
            .futureWrite(_, let options):
            let end = try end(reader.nextU32(), builtin, element)
            guard end.state == .idle else {
                throw Trap.task(
                    end.state == .done
                        ? "cannot \(builtin.isReading ? "read from" : "write to") \(builtin.noun) after being notified that the "
                            + "\(builtin.isReading ? "writable" : "readable") end dropped"
                        : "cannot have concurrent operations active on a future/stream")
            }
            if !options.isAsync { try end.checkNotInSet() }
            let pointer = reader.nextPointer(environment?.is64 ?? false)
            let length = builtin.isStream ? reader.nextPointer(environment?.is64 ?? false) : 1
            let buffer = try GuestBuffer(environment, layout, pointer: pointer, length: length)
            try end.copy(buffer, copyBudget: instance.store.configuration.copyBudget)
            writer.write(try outcome(end, isAsync: options.isAsync))
        case .streamCancelRead(_, let isAsync), .streamCancelWrite(_, let isAsync),
            .futureCancelRead(_, let isAsync), .futureCancelWrite(_, let isAsync):
            let end = try end(reader.nextU32(), builtin, element)
            guard end.state == .copying else {
                throw Trap.task(
                    "\(builtin.noun) \(builtin.isReading ? "read" : "write") cancelled when no \(builtin.isReading ? "read" : "write") is pending"
                )
            }
            try end.checkNobodyWaits()
            if !isAsync { try end.checkNotInSet() }
            end.cancel()
            writer.write(try outcome(end, isAsync: isAsync))
        case .streamDropReadable, .streamDropWritable, .futureDropReadable, .futureDropWritable:
            let index = reader.nextU32()
            let end = try end(index, builtin, element)
            _ = try component.handles.removeObject(at: index, as: AsyncEnd.self)
            guard !end.isCopying else { throw Trap.task("cannot remove busy stream or future") }
            if !end.isStream, !end.isReadable, end.state != .done {
                throw Trap.task("cannot drop future write end without first writing a value")
            }
            end.drop()
        case .streamForward, .futureForward:
            let isStream = builtin.isStream
            let source = try component.takeEnd(reader.nextU32(), isStream: isStream, isReadable: true, element)
            let target = try component.takeEnd(reader.nextU32(), isStream: isStream, isReadable: false, element)
            try AsyncEnd.forward(source, to: target, copyBudget: instance.store.configuration.copyBudget)
        default: throw Trap.unsupported("the built-in `\(name)`")
        }
    }

    /// The end at `index`, of the kind that the built-in is for.
    private func end(_ index: UInt32, _ builtin: CanonicalBuiltin, _ element: ElementType) throws -> AsyncEnd {
        try component.end(index, isStream: builtin.isStream, isReadable: builtin.isReading, element)
    }

    /// What an operation came to, waiting for it unless it is asynchronous.
    private func outcome(_ end: AsyncEnd, isAsync: Bool) throws -> UInt32 {
        if !end.hasPendingEvent {
            guard !isAsync else { return Self.blocked }
            try end.waitForEvent(thread())
        }
        return end.takeEvent().payload
    }
}

extension CanonicalBuiltin {
    var isStream: Bool {
        switch self {
        case .streamNew, .streamRead, .streamWrite, .streamCancelRead, .streamCancelWrite, .streamDropReadable,
            .streamDropWritable, .streamForward:
            true
        default: false
        }
    }

    /// Whether it ends a read or write of a stream or future, which always happens at once here.
    var isCancelling: Bool {
        switch self {
        case .streamCancelRead, .streamCancelWrite, .futureCancelRead, .futureCancelWrite: true
        default: false
        }
    }

    /// Whether it is for the readable end.
    fileprivate var isReading: Bool {
        switch self {
        case .streamRead, .streamCancelRead, .streamDropReadable, .futureRead, .futureCancelRead, .futureDropReadable:
            true
        default: false
        }
    }

    fileprivate var noun: String { isStream ? "stream" : "future" }
}
