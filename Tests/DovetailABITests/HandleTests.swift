// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailTypes
import Testing

struct HandleTests {
    private final class Connection {}

    let file = ResourceType(name: "file")
    let socket = ResourceType(name: "socket")

    @Test("the index that was freed last is reused first")
    func indicesAreReusedLastFirst() throws {
        let table = HandleTable()
        let indices = try (0..<20).map { try table.addOwn(file, rep: UInt32($0)) }
        #expect(indices == Array(1...20))
        _ = try table.drop(3, file)
        _ = try table.drop(7, file)
        #expect(try table.addOwn(file, rep: 1) == 7)
        #expect(try table.addOwn(file, rep: 1) == 3)
        #expect(try table.addOwn(file, rep: 1) == 21)
        #expect(table.count == 21)
        #expect(table.drain().count == 21)
    }

    @Test("a wrong handle is an error that says what is wrong with it")
    func errorsNameWhatIsWrong() throws {
        let table = HandleTable(limit: 3)
        let index = try table.addOwn(file, rep: 9)
        fails(.unknownHandle) { _ = try table.rep(0, file) }
        fails(.unknownHandle) { _ = try table.rep(.max, file) }
        fails(.handleOfAnotherType) { _ = try table.rep(index, socket) }
        let object = try table.add(object: Connection())
        fails(.handleOfAnotherType) { _ = try table.rep(object, file) }
        fails(.handleOfAnotherType) { _ = try table.object(at: index, as: Connection.self) }
        _ = try table.removeObject(at: object, as: Connection.self)
        fails(.unknownHandle) { _ = try table.drop(object, file) }

        var scope = BorrowScope()
        try withUnsafeMutablePointer(to: &scope) { scope in
            #expect(try table.lend(index, file, scope: scope) == 9)
            fails(.handleIsLent) { _ = try table.takeOwn(index, file) }
            fails(.handleIsLent) { _ = try table.drop(index, file) }
            scope.pointee.release(in: table)
            let borrow = try table.addBorrow(file, rep: 9, scope: scope)
            fails(.notAnOwnHandle) { _ = try table.takeOwn(borrow, file) }
            fails(.borrowHandlesRemain) { try scope.pointee.checkReturned() }
            #expect(try table.drop(borrow, file).wasOwned == false)
            try scope.pointee.checkReturned()
        }
        #expect(try table.takeOwn(index, file) == 9)
        for _ in 0..<3 { _ = try table.addOwn(file, rep: 0) }
        fails(.tableFull) { _ = try table.addOwn(file, rep: 0) }
        fails(.tableFull) { _ = try table.add(object: Connection()) }
    }

    @Test("all lends of a call are given back when it ends")
    func manyLendsAreGivenBack() throws {
        let table = HandleTable()
        let indices = try (0..<9).map { try table.addOwn(file, rep: UInt32($0)) }
        var scope = BorrowScope()
        try withUnsafeMutablePointer(to: &scope) { scope in
            for index in indices { _ = try table.lend(index, file, scope: scope) }
            _ = try table.lend(indices[0], file, scope: scope)
            scope.pointee.release(in: table)
            #expect(scope.pointee.isEmpty)
        }
        for index in indices { _ = try table.takeOwn(index, file) }
    }

    @Test("a table keeps the objects of its handles alive until they are removed")
    func tableKeepsObjectsAlive() throws {
        weak var seen: Connection?
        let table = HandleTable()
        func fill() throws -> UInt32 {
            let object = Connection()
            seen = object
            return try table.add(object: object)
        }
        let index = try fill()
        #expect(seen != nil)
        _ = try table.removeObject(at: index, as: Connection.self)
        #expect(seen == nil)
        _ = try fill()
        _ = table.drain()
        #expect(seen == nil)
    }

    @Test("a resource of the host crosses as own and as borrow")
    func resourcesOfTheHost() throws {
        let log = DropLog()
        var owned: Resource? = Resource(type: file, rep: 1, isOwned: true, owner: log)
        #expect(owned?.isAlive == true)
        owned = nil
        #expect(log.reps == [1])
        let second = Resource(type: file, rep: 2, isOwned: true, owner: log)
        try second.drop()
        try second.drop()
        #expect(log.reps == [1, 2])
        fails(.resourceNotUsable) { _ = try second.take() }
        let third = Resource(type: file, rep: 3, isOwned: true, owner: log)
        #expect(try third.lend() == 3)
        fails(.handleIsLent) { try third.drop() }
        fails(.handleIsLent) { _ = try third.take() }
        third.giveBack()
        #expect(try third.take() == 3)
        let borrowed = Resource(type: file, rep: 4, isOwned: false, owner: log)
        fails(.notAnOwnHandle) { _ = try borrowed.take() }
        borrowed.expire()
        fails(.resourceNotUsable) { _ = try borrowed.lend() }
        #expect(log.reps == [1, 2])
    }

    @Test("handles inside of dynamic values are lifted and lowered")
    func handlesAsValues() throws {
        var table = TypeTable()
        let id = table.append(TypeDefinition(kind: .resource, name: "file"))
        let own = ValueType.defined(table.intern(.own(id)))
        let borrow = ValueType.defined(table.intern(.borrow(id)))
        let layout = try LayoutCache(table).function(
            FunctionType(
                parameters: [.init(name: "a", type: own), .init(name: "b", type: borrow)], result: own))
        let one = FakeGuest()
        one.resourceTypes = [file]
        let other = FakeGuest()
        other.resourceTypes = [file]
        let first = try one.handles.addOwn(file, rep: 11)
        let second = try one.handles.addOwn(file, rep: 12)
        var scope = BorrowScope()
        try withUnsafeMutablePointer(to: &scope) { scope in
            // From guest to guest.
            var source = CanonicalContext(one, scope: scope)
            var destination = CanonicalContext(other, scope: scope)
            let slots = Slots([UInt64(first), UInt64(second)])
            let moved = Slots()
            var reader = slots.reader
            var writer = moved.writer
            try layout.transferParameters(&source, from: &reader, to: layout, &destination, into: &writer)
            fails(.unknownHandle) { _ = try one.handles.rep(first, file) }
            fails(.handleIsLent) { _ = try one.handles.drop(second, file) }
            #expect(try other.handles.rep(UInt32(moved[0]), file) == 11)
            #expect(try other.handles.rep(UInt32(moved[1]), file) == 12)
            #expect(scope.pointee.borrowCount == 1)
            _ = try other.handles.drop(UInt32(moved[1]), file)
            scope.pointee.release(in: one.handles)
            // To the host and back.
            reader = Slots([moved[0], UInt64(second)]).reader
            var values: [Value] = []
            let again = Slots([UInt64(second), UInt64(try one.handles.addOwn(file, rep: 13))])
            reader = again.reader
            values = try layout.liftParameters(&source, from: &reader)
            guard case .resource(let owned) = values[0], case .resource(let lent) = values[1] else {
                Issue.record("expected resources")
                return
            }
            #expect(owned.isOwned && owned.rep == 12 && !lent.isOwned && lent.rep == 13)
            writer = again.writer
            try layout.lowerParameters(values, &destination, into: &writer)
            #expect(!owned.isAlive && lent.isAlive)
            scope.pointee.release(in: one.handles)
            #expect(!lent.isAlive)
        }
    }

    @Test("the component that implements a resource sees its representation")
    func implementerSeesTheRepresentation() throws {
        let guest = FakeGuest()
        let mine = ResourceType(name: "mine", implementer: guest.instanceIdentity)
        var scope = BorrowScope()
        try withUnsafeMutablePointer(to: &scope) { scope in
            let cx = CanonicalContext(guest, scope: scope)
            let own = try cx.lowerBorrow(77, mine)
            #expect(own == 77)
            #expect(scope.pointee.borrowCount == 0)
            let other = try cx.lowerBorrow(77, file)
            #expect(other == 1)
            #expect(scope.pointee.borrowCount == 1)
        }
        let cx = CanonicalContext(guest)
        fails(.unsupported) { _ = try cx.lowerBorrow(77, file) }
    }

    @Test("an object of the host comes back as the same object")
    func objectsOfTheHost() throws {
        let guest = FakeGuest()
        let type = ResourceType(name: "connection", hostType: ObjectIdentifier(Connection.self))
        guest.registered[ObjectIdentifier(Connection.self)] = type
        let connection = Connection()
        var scope = BorrowScope()
        try withUnsafeMutablePointer(to: &scope) { scope in
            var cx = CanonicalContext(guest, scope: scope)
            let slots = Slots()
            var writer = slots.writer
            try Own(connection).lower(&cx, into: &writer)
            var reader = slots.reader
            #expect(try Borrow<Connection>.lift(&cx, from: &reader).object === connection)
            scope.pointee.release(in: guest.handles)
            reader = slots.reader
            #expect(try Own<Connection>.lift(&cx, from: &reader).object === connection)
            #expect(guest.objects.isEmpty)
            reader = slots.reader
            fails(.unknownHandle) { _ = try Own<Connection>.lift(&cx, from: &reader) }
            writer = slots.writer
            try Borrow(connection).lower(&cx, into: &writer)
            _ = try guest.handles.drop(UInt32(slots[0]), type)
            #expect(guest.drops.reps.isEmpty)
            scope.pointee.release(in: guest.handles)
            #expect(guest.drops.reps == [1])
        }
    }
}
