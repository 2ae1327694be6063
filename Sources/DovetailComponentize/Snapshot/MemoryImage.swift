// SPDX-License-Identifier: Apache-2.0

import DovetailBinary

/// What one memory holds, as a core module that writes it when it is instantiated, into the memory that it imports from `env`.
///
/// Components whose main modules differ, and therefore cannot be imported, import it, and carry what has changed.
package struct MemoryImage {
    /// The core module.
    package let module: [UInt8]
    /// What it writes.
    package let segments: Segments

    /// Writes down what a memory holds from `start` on; `name` is that of the import.
    init(_ bytes: [UInt8], from start: Int, name: String) {
        segments = MemoryRanges.nonzero(bytes, from: start).map { ($0.lowerBound, bytes[$0]) }
        var module = CoreModuleBinary()
        module.imports.append(
            CoreModuleImport(
                module: "env", name: name, type: .memory(CoreMemoryType(limits: CoreLimits(minimum: 0)))))
        module.data = segments.map { segment in
            let offset = CoreConstant(.i32, bits: UInt64(segment.start))
            return CoreDataSegment(mode: .active(memory: 0, offset: offset.expression), bytes: segment.bytes)
        }
        self.module = module.encoded()
    }

    /// Reads such a module.
    ///
    /// - Throws: a ``ComponentizeError`` when it is another.
    package init(_ module: [UInt8]) throws(ComponentizeError) {
        let binary: CoreModuleBinary
        do throws(BinaryError) { binary = try CoreModuleBinary.decode(module) } catch { throw .binary(error) }
        var segments: Segments = []
        for segment in binary.data {
            guard case .active(0, let offset) = segment.mode, let bits = CoreConstant(offset)?.bits else {
                throw .unsupported("data whose place is no constant")
            }
            segments.append((Int(UInt32(truncatingIfNeeded: bits)), segment.bytes))
        }
        self.module = module
        self.segments = segments
    }

    /// What is written where, from one address on each.
    package typealias Segments = [(start: Int, bytes: ArraySlice<UInt8>)]
}

extension ModuleSnapshot.State {
    /// Takes the state of a module with one memory apart, into which others write `segments`: what the module itself has to hold, and what its
    /// memory holds once they have written.
    ///
    /// - Returns: `nil` where they do not fit into the memory.
    package func parts(around segments: MemoryImage.Segments) -> (held: Self, written: Self)? {
        guard memories.count == 1 else { return nil }
        var (held, written) = (self, self)
        for (start, bytes) in segments {
            let range = start..<start + bytes.count
            guard range.upperBound <= memories[0].bytes.count else { return nil }
            held.memories[0].bytes.replaceSubrange(range, with: repeatElement(0, count: range.count))
            written.memories[0].bytes.replaceSubrange(range, with: bytes)
        }
        return (held, written)
    }
}
