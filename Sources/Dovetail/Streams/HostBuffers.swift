// SPDX-License-Identifier: Apache-2.0

import DovetailABI

/// How elements of a stream or future get out of a guest's memory and into it.
struct HostElement<Element> {
    let shape: TypeShape?
    /// How many are read ahead for those who take them one by one.
    let ahead: Int
    let load: (inout CanonicalContext, Int, Int) throws(ABIError) -> [Element]
    let store: ([Element], inout CanonicalContext, Int) throws(ABIError) -> Void

    init<Codec: ComponentCodec>(_ codec: Codec.Type) where Codec.Value == Element {
        shape = Codec.shape.payload
        ahead = Codec.abi.usesMemory || Codec.abi.usesHandles ? 16 : max(1, 65_536 / max(1, Codec.abi.size))
        load = { (cx, offset, count) throws(ABIError) in try Codec.loadList(&cx, at: offset, count: count) }
        store = { (elements, cx, offset) throws(ABIError) in try Codec.storeList(elements, &cx, at: offset) }
    }
}

/// What the host reads into.
final class HostSink<Element>: TransferBuffer {
    private let element: HostElement<Element>
    private let capacity: Int
    private(set) var elements: [Element] = []

    override var remain: Int { capacity - elements.count }

    init(_ element: HostElement<Element>, capacity: Int) {
        self.element = element
        self.capacity = capacity
    }

    override func fill(_ count: Int, from source: GuestBuffer, copyBudget: Int) throws {
        guard let environment = source.environment else {
            // There is nothing in an element, so nothing is read.
            return append(try empty(count))
        }
        environment.core.refresh()
        var cx = CanonicalContext(environment, copyBudget: copyBudget)
        append(try element.load(&cx, source.offset, count))
    }

    func append(_ more: [Element]) {
        elements += more
        advance(more.count)
    }

    private func empty(_ count: Int) throws -> [Element] {
        guard let nothing = Empty() as? Element else { throw Trap.unsupported("a stream of another type") }
        return Array(repeating: nothing, count: count)
    }
}

/// What the host writes: whatever waits in a channel.
final class HostSource<Element>: TransferBuffer {
    private let element: HostElement<Element>
    private let channel: StreamChannel<Element>
    private var reserved: [Element] = []

    override var remain: Int { channel.waiting }

    init(_ element: HostElement<Element>, _ channel: StreamChannel<Element>) {
        self.element = element
        self.channel = channel
    }

    override func reserve(_ count: Int) -> Int {
        reserved = channel.take(count)
        return reserved.count
    }

    override func copy(_ count: Int, to target: TransferBuffer, copyBudget: Int) throws {
        let elements = reserved
        reserved = []
        do {
            if let guest = target as? GuestBuffer {
                if let environment = guest.environment {
                    environment.core.refresh()
                    var cx = CanonicalContext(environment, copyBudget: copyBudget)
                    try element.store(elements, &cx, guest.offset)
                }
            } else if let sink = target as? HostSink<Element> {
                sink.append(elements)
                advance(count)
                return channel.confirm()
            } else {
                throw Trap.unsupported("reading a stream of the host's as one of another type")
            }
        } catch {
            channel.confirm(error)
            throw error
        }
        channel.confirm()
        advance(count)
        target.advance(count)
    }
}
