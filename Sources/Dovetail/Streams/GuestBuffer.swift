// SPDX-License-Identifier: Apache-2.0

import DovetailABI

/// The memory of a guest that elements are copied from or to.
final class GuestBuffer: TransferBuffer {
    let environment: InstanceEnvironment?
    let element: ValueLayout?
    private(set) var offset: Int
    private let length: Int

    override var remain: Int { length - progress }

    /// - Throws: `ABIError` when the elements are not inside the memory, or there are too many.
    init(_ environment: InstanceEnvironment?, _ element: ValueLayout?, pointer: UInt64, length: UInt64) throws {
        guard length < 1 << 28 else { throw Trap.task("a buffer of \(length) elements is too long") }
        self.environment = environment
        self.element = element
        self.length = Int(length)
        offset = 0
        super.init()
        guard length > 0, let element, let environment else { return }
        environment.core.refresh()
        var cx = CanonicalContext(environment)
        offset = try cx.checkList(
            pointer, count: length, stride: element.size(cx.is64), alignment: element.alignment(cx.is64))
    }

    override func copy(_ count: Int, to target: TransferBuffer, copyBudget: Int) throws {
        try target.fill(count, from: self, copyBudget: copyBudget)
        advance(count)
    }

    override func fill(_ count: Int, from source: GuestBuffer, copyBudget: Int) throws {
        if let element, let other = source.element, let environment, let others = source.environment {
            environment.core.refresh()
            others.core.refresh()
            var cx = CanonicalContext(others, copyBudget: copyBudget)
            var destination = CanonicalContext(environment, copyBudget: copyBudget)
            try Transfer.elements(other, count, from: source.offset, &cx, to: element, at: offset, &destination)
        }
        advance(count)
    }

    override func advance(_ count: Int) {
        super.advance(count)
        if let element { offset += count * element.size(environment?.is64 ?? false) }
    }
}
