// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import DovetailWASI
import Testing

/// The host of the world `app`, for components in any language.
private final class AppHost: App.Imports {
    final class Notebook: App.Host.Notebook {
        let name: String
        var lines: [String] = []
        let host: AppHost

        init(_ name: String, _ host: AppHost) {
            self.name = name
            self.host = host
        }

        deinit { host.closed.append("\(name): \(lines.joined(separator: " "))") }

        func add(line: String) -> UInt32 {
            lines.append(line)
            return UInt32(lines.count)
        }

        func line(number: UInt32) -> String? { Int(number) < lines.count ? lines[Int(number)] : nil }
    }

    var closed: [String] = []

    func makeNotebook(name: String) -> any App.Host.Notebook { Notebook(name, self) }

    func translate(word: String) throws(App.Host.Refusal) -> String {
        if word.count > 10 { throw .tooLong(UInt32(word.count)) }
        guard let found = ["cat": "Katze", "dog": "Hund"][word] else { throw .closed }
        return found
    }
}

/// The language that a component of the world `app` is written in.
enum AppLanguage: String, CaseIterable {
    /// Made by componentize-py, and by Dovetail.
    case python, dovetail
    case c

    /// The engine and the component.
    func component() throws -> (Engine, Component) {
        switch self {
        case .python: return try PythonComponent.app.get()
        case .dovetail: return try GuestLanguage.python.component("app")
        case .c:
            let engine = try Engine()
            let path = "\(TestFiles.root)/Tests/DovetailBindgenTests/Guests/app/app.wasm"
            return (engine, try Component(engine: engine, path: path))
        }
    }

    /// Those that can be run here.
    static var available: [AppLanguage] {
        [.c] + (PythonComponent.isBuildable ? [.python] : []) + (PythonGuests.carrier == nil ? [] : [.dovetail])
    }
}

@Suite("One world in C and in Python, through the same bindings", .serialized)
struct AppTests {
    typealias Item = App.Shop.Item

    private func shop(_ language: AppLanguage, _ host: AppHost = AppHost()) throws -> App.Shop {
        let (engine, component) = try language.component()
        let store = try language == .dovetail ? GuestLanguage.python.store(engine) : Store(engine: engine)
        return try App(component, in: store, imports: host, linker: .wasi(engine: engine)).shop
    }

    @Test("strings, lists and options", arguments: AppLanguage.available)
    func values(_ language: AppLanguage) throws {
        let shop = try shop(language)
        #expect(try shop.reverse(text: "añ😀z") == "z😀ña")
        #expect(try shop.reverse(text: "") == "")
        #expect(try shop.sums(lists: [[1, 2, 3], [], [-5, .max, 5]]) == [6, 0, .max])
        #expect(try shop.sorted(bytes: [3, 0, 255, 1]) == [0, 1, 3, 255])
        #expect(try shop.doubled(numbers: [1, 200]) == [2, nil])
    }

    @Test("records, variants, flags, and resources of the guest", arguments: AppLanguage.available)
    func baskets(_ language: AppLanguage) throws {
        let shop = try shop(language)
        let before = try shop.baskets()
        let basket = try App.Shop.Basket(in: shop, owner: "Ada")
        #expect(try basket.owner() == "Ada")
        #expect(throws: App.Shop.Problem.emptyBasket) { try basket.total() }
        let apples = Item(
            name: "apples", amount: 1.5, unit: .kilogram, labels: [.fresh, .sale], price: (200, "EUR"))
        let tea = Item(name: "tea", amount: 0.1, unit: .piece, labels: [], price: nil)
        #expect(try basket.apply(changes: [.add(apples), .add(tea)]) == [apples, tea])
        #expect(throws: App.Shop.Problem.noPrice(tea)) { try basket.total() }
        #expect(throws: App.Shop.Problem.unknownItem("coffee")) { try basket.apply(changes: [.remove("coffee")]) }
        #expect(try basket.apply(changes: [.remove("tea")]) == [apples])
        #expect(try basket.total().elementsEqual([("EUR", 300)], by: ==))
        let other = try App.Shop.Basket(in: shop, owner: "Bob")
        let milk = Item(name: "milk", amount: 2, unit: .litre, labels: .fresh, price: (50, "CHF"))
        #expect(try other.apply(changes: [.clear, .add(milk)]) == [milk])
        let both = try shop.basketMerge(first: basket, second: other)
        #expect(try both.owner() == "Ada")
        #expect(try both.total().elementsEqual([("CHF", 100), ("EUR", 300)], by: ==))
        #expect(throws: CallError.self) { try basket.owner() }
        #expect(try other.owner() == "Bob")
        try both.close()
        #expect(try shop.baskets() == before + 3)
    }

    @Test("host functions and their errors", arguments: AppLanguage.available)
    func translate(_ language: AppLanguage) throws {
        let shop = try shop(language)
        #expect(try shop.translate(words: ["cat", "dog"]) == ["Katze", "Hund"])
        #expect(throws: App.Shop.Problem.refused(.tooLong(11))) { try shop.translate(words: ["cat", "caterpillar"]) }
        #expect(throws: App.Shop.Problem.refused(.closed)) { try shop.translate(words: ["bird"]) }
    }

    @Test("resources of the host", arguments: AppLanguage.available)
    func notebooks(_ language: AppLanguage) throws {
        let host = AppHost()
        let shop = try shop(language, host)
        #expect(try shop.note(notebook: "diary", lines: ["a", "b"]) == "b")
        #expect(try shop.note(notebook: "diary", lines: []) == nil)
        #expect(host.closed == ["diary: a b", "diary: "])
        #expect(try shop.finish(notebook: AppHost.Notebook("given", host)) == 1)
        #expect(host.closed.last == "given: finished")
    }

    @Test("a failure of the guest is a trap", arguments: AppLanguage.available)
    func failure(_ language: AppLanguage) throws {
        let shop = try shop(language)
        #expect(throws: Trap.self) { try shop.fail(message: "no more tea") }
        #expect(throws: Trap.self) { try shop.baskets() }
    }
}
