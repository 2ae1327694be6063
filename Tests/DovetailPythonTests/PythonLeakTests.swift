// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailSystem
import DovetailTestSupport
import DovetailWASI
import Synchronization
import Testing

/// Nothing is left behind by calls, those included that fail.
@Suite(.serialized, .enabled(if: RealCarrier.carrier != nil, "CPython is not in the cache and cannot be fetched"))
struct PythonLeakTests {
    private static let wit = """
        package a:b;
        interface notes {
            resource note { text: func() -> string; copy: func() -> note; }
            open: func(text: string) -> note;
            take: func(notes: list<note>, lent: borrow<note>) -> result<u32, string>;
            check: func(n: u32) -> result<list<string>, string>;
        }
        interface work {
            resource bag { constructor(name: string); put: func(words: list<string>) -> u32; }
            record item { name: string, price: f64, tags: list<string>, note: option<string> }
            use notes.{note};
            items: func(items: list<item>) -> list<item>;
            notes: func(note: note, lent: borrow<note>) -> list<note>;
            errors: func(n: u32) -> result<string, string>;
            mistakes: func(note: note) -> note;
            bags: func(bag: bag) -> list<bag>;
            // Bytes that Python has allocated, and objects of ours that are alive.
            memory: func() -> tuple<u32, u32>;
        }
        world w { import notes; export work; }
        """
    private static let app = """
        import gc, tracemalloc
        from componentize_py_types import Err
        from wit_world import exports
        from wit_world.imports import notes
        import work
        tracemalloc.start()

        class Work(exports.Work):
            def items(self, items):
                return items + [type(item)(item.name, item.price, item.tags, item.note) for item in items]

            def notes(self, note, lent):
                with lent.copy() as copy:
                    copy.text()
                return [note, notes.open(lent.text()), lent.copy()]

            def errors(self, n):
                try:
                    return " ".join(notes.check(n))
                except Err as error:
                    if n % 2:
                        raise
                    raise Err(error.value + "!") from None

            def mistakes(self, note):
                for wrong in ([note, 5], [note, note], note):
                    try:
                        notes.take(wrong, note)
                    except (TypeError, ValueError):
                        pass
                other = notes.open("other")
                try:
                    notes.take([other], note)
                except Err:
                    pass
                return note

            def bags(self, bag):
                return [bag, work.Bag("new")]

            def memory(self):
                gc.collect()
                return tracemalloc.get_traced_memory()[0], work.Bag.alive
        """
    private static let work = """
        from wit_world.exports import work
        class Bag(work.Bag):
            alive = 0
            def __init__(self, name):
                self.words = [name]
                Bag.alive += 1
            def put(self, words):
                self.words += words
                return len(self.words)
            def __del__(self):
                Bag.alive -= 1
        """

    /// How many notes there are.
    private final class Notes: Sendable {
        let type = ResourceType(name: "note")
        let alive = Mutex(0)

        func make(_ store: Store) -> Value {
            alive.withLock { $0 += 1 }
            return .resource(store.makeResource(type, rep: 7))
        }

        func linker(_ engine: Engine) -> Linker {
            var linker = Linker.wasi(engine: engine)
            let interface = "a:b/notes"
            linker.defineResource("note", in: interface, type: type) { _, _ in self.alive.withLock { $0 -= 1 } }
            linker.define("[method]note.text", in: interface) { _, _ in .string("the text of a note") }
            linker.define("[method]note.copy", in: interface) { caller, _ in self.make(caller.store) }
            linker.define("open", in: interface) { caller, _ in self.make(caller.store) }
            linker.define("take", in: interface) { _, _ in .error(.string("not taken")) }
            linker.define("check", in: interface) { _, arguments in
                guard arguments == [.u32(3)] else { return .error(.string("\(arguments) is another number")) }
                return .ok(.list([.string("some"), .string("words")]))
            }
            return linker
        }
    }

    private let notes = Notes()

    /// Some calls of each kind; nothing of what they give is kept.
    private func round(_ number: UInt32, _ instance: Instance, _ store: Store) throws {
        func call(_ name: String, _ arguments: Value...) throws -> Value? {
            try instance.function(name, in: "a:b/work").call(arguments)
        }
        let item = Value.record([
            RecordField(name: "name", value: .string("a name that is long")),
            RecordField(name: "price", value: .f64(2)),
            RecordField(name: "tags", value: .list([.string("one"), .string("two")])),
            RecordField(name: "note", value: .option(.string("noted"))),
        ])
        #expect(try call("items", .list([item, item])) == .list([item, item, item, item]))
        #expect(try call("errors", .u32(3)) == .ok(.string("some words")))
        #expect(try call("errors", .u32(number)) != nil)
        let lent = notes.make(store)
        _ = try call("notes", notes.make(store), lent)
        _ = try call("mistakes", notes.make(store))
        let bag = try #require(try call("[constructor]bag", .string("a bag")))
        #expect(try call("[method]bag.put", bag, .list([.string("word")])) == .u32(2))
        _ = try call("bags", bag)
    }

    /// Bytes that Python has, objects of the app, objects of the host, handles, pages of memory.
    private func state(_ instance: Instance) throws -> [Int] {
        let bytes = try instance.function("memory", in: "a:b/work").call([])
        let pages = instance.coreInstances.lazy.compactMap { instance.coreMemory("memory", of: $0.index)?.pages }
        guard case .tuple(let numbers)? = bytes, case (.u32(let all)?, .u32(let own)?) = (numbers.first, numbers.last)
        else { return [] }
        return [
            Int(all), Int(own), notes.alive.withLock { $0 }, instance.handles.count, Int(try #require(pages.first)),
        ]
    }

    @Test func `100 000 calls with resources leave no memory, object or handle behind, here or there`() async {
        // In a process of its own, where nobody else takes memory.
        await #expect(processExitsWith: .success) {
            let tests = PythonLeakTests()
            let world = try PythonApp(Self.wit)
            try world.with(["app.py": Self.app, "work.py": Self.work], linker: tests.notes.linker(world.engine)) {
                instance, store in
                // Five of a round's calls have resources.
                for number in 0..<1000 { try tests.round(UInt32(4 + number % 2), instance, store) }
                _ = try tests.state(instance)
                let (before, resident) = (try tests.state(instance), try #require(ThisProcess.residentBytes))
                for number in 0..<20_000 { try tests.round(UInt32(4 + number % 2), instance, store) }
                let (after, grown) = (try tests.state(instance), try #require(ThisProcess.residentBytes) - resident)
                #expect(after[1...] == before[1...])
                #expect(after[1...2] == [0, 0])
                // Python keeps some memory of its own for later; an object for each round would be half a megabyte.
                #expect(before[0] > 1000 && abs(after[0] - before[0]) < 10_000, "\(before) \(after)")
                #expect(grown < 1 << 20, "\(grown) bytes")
            }
        }
    }
}
