// SPDX-License-Identifier: Apache-2.0

import DovetailABI

/// The memory of a guest that elements are copied from or to. (CanonicalABI.md, "Buffer State")
final class GuestBuffer {
    let environment: InstanceEnvironment?
    let element: ValueLayout?
    private(set) var offset: Int
    /// How many elements were copied.
    private(set) var progress = 0
    let length: Int

    var remain: Int { length - progress }

    /// - Throws: `ABIError` when the elements are not inside the memory, or there are too many.
    init(_ environment: InstanceEnvironment?, _ element: ValueLayout?, pointer: UInt64, length: UInt64) throws {
        guard length < 1 << 28 else { throw Trap.task("a buffer of \(length) elements is too long") }
        self.environment = environment
        self.element = element
        self.length = Int(length)
        offset = 0
        guard length > 0, let element, let environment else { return }
        environment.core.refresh()
        var cx = CanonicalContext(environment)
        offset = try cx.checkList(
            pointer, count: length, stride: element.size(cx.is64), alignment: element.alignment(cx.is64))
    }

    /// Copies `count` elements into `target`.
    func copy(_ count: Int, to target: GuestBuffer, copyBudget: Int) throws {
        if let element, let other = target.element, let environment, let others = target.environment {
            environment.core.refresh()
            others.core.refresh()
            var source = CanonicalContext(environment, copyBudget: copyBudget)
            var destination = CanonicalContext(others, copyBudget: copyBudget)
            try Transfer.elements(
                element, count, from: offset, &source, to: other, at: target.offset, &destination)
        }
        advance(count)
        target.advance(count)
    }

    private func advance(_ count: Int) {
        progress += count
        if let element { offset += count * element.size(environment?.is64 ?? false) }
    }
}
