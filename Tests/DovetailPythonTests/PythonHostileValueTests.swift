// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport
import Testing

/// What an app returns that the world does not allow.
@Suite(.serialized, .enabled(if: RealCarrier.carrier != nil, "CPython is not in the cache and cannot be fetched"))
struct PythonHostileValueTests {
    private static let wit = """
        package a:b;
        interface shop {
            resource cart { constructor(n: u8); put: func(item: string); }
            record item { name: string, price: f64, tags: list<string> }
            record order { id: u32, items: list<item>, paid: bool }
            enum color { red, green }
            flags marks { read, write }
            variant shape { none, circle(f64), polygon(list<tuple<s32, s32>>) }
            get-orders: func(code: string) -> list<order>;
            get-color: func(code: string) -> color;
            get-marks: func(code: string) -> marks;
            get-shape: func(code: string) -> shape;
            get-u64: func(code: string) -> u64;
            get-s8: func(code: string) -> s8;
            get-char: func(code: string) -> char;
            get-string: func(code: string) -> string;
            get-bytes: func(code: string) -> list<u8>;
            get-strings: func(code: string) -> list<string>;
            get-maybe: func(code: string) -> option<option<u8>>;
            get-result: func(code: string) -> result<u8, color>;
            get-results: func(code: string) -> list<result<u8, color>>;
            get-bool: func(code: string) -> bool;
            get-f32: func(code: string) -> f32;
            get-cart: func(code: string) -> cart;
            describe: func(order: order) -> string;
        }
        world w { export shop; }
        """
    private static let world = Result { try PythonApp(wit) }
    private static let app = #"""
        from wit_world import exports
        from wit_world.exports import shop as t
        from wit_world.exports.shop import Item, Order
        from componentize_py_types import Ok, Err, Some

        def evaluate(self, code):
            return eval(code)

        class Shop(exports.Shop):
            get_orders = get_color = get_marks = get_shape = get_u64 = get_s8 = get_char = get_string = evaluate
            get_bytes = get_strings = get_maybe = get_result = get_results = get_bool = get_f32 = get_cart = evaluate
            def describe(self, order): return repr((type(order), order.id, [item.name for item in order.items], order.paid))

        class Bad:
            def __index__(self): raise KeyError("own")
            __bool__ = __iter__ = __index__

        class Many:
            def __bool__(self): return True
            def __index__(self): return 200

        class OwnErr(Err): pass

        def raising(error): raise error

        class Shrinking:
            def __init__(self): self.orders = [Order(1, [], self), Order(2, [], True)]
            def __bool__(self): self.orders.clear(); return True
        """#
    private static let shop = """
        from wit_world.exports import shop
        class Cart(shop.Cart):
            def __init__(self, n): pass
            def put(self, item): pass
        """

    private func call(_ name: String, _ code: String) throws -> Value? {
        try Self.world.get().with(["app.py": Self.app, "shop.py": Self.shop]) { instance, _ in
            try instance.function(name, in: "a:b/shop").call([.string(code)])
        }
    }

    /// A function, what it returns, the exception, where it was.
    static let mistakes: [(function: String, code: String, error: String, place: String)] = [
        ("get-orders", "5", "TypeError: expected a sequence, found int", ""),
        ("get-orders", "'ab'", "TypeError: expected a sequence, found str", ""),
        ("get-orders", "[1]", "TypeError: expected Order, found int", "[0]"),
        (
            "get-orders", "[Order(1, [], True), Order(-1, [], True)]",
            "OverflowError: expected an integer from 0 to 4294967295, found -1", "[1].id"
        ),
        (
            "get-orders", "[Order(1, [Item('a', 'x', [])], True)]", "TypeError: expected float, found str",
            "[0].items[0].price"
        ),
        (
            "get-orders", "[Order(1, [Item('a', 1, 'tag')], True)]", "TypeError: expected a sequence, found str",
            "[0].items[0].tags"
        ),
        ("get-orders", "[Order(1, [], 'yes')]", "TypeError: expected bool, found str", "[0].paid"),
        ("get-orders", "[Order(1, [], Bad())]", "KeyError: 'own'", "[0].paid"),
        ("get-orders", "[Order.__new__(Order)]", "ValueError: `id` is not set", "[0].id"),
        ("get-color", "1", "TypeError: expected Color, found int", ""),
        ("get-color", "t.Marks.READ", "TypeError: expected Color, found Marks", ""),
        ("get-marks", "t.Color.RED", "TypeError: expected Marks, found Color", ""),
        ("get-shape", "t.Shape_Circle(None)", "TypeError: expected float, found NoneType", ".value"),
        (
            "get-shape", "t.Shape_Polygon([(1, 2), (3, 2**31)])",
            "OverflowError: expected an integer from -2147483648 to 2147483647, found 2147483648", ".value[1][1]"
        ),
        ("get-shape", "t.Shape_Polygon(['ab'])", "TypeError: expected tuple, found str", ".value[0]"),
        ("get-shape", "t.Shape_Polygon([(1,)])", "TypeError: expected a tuple of 2, found one of 1", ".value[0]"),
        ("get-shape", "Ok(1)", "TypeError: expected Shape, found Ok", ""),
        (
            "get-u64", "-1", "OverflowError: expected an integer from 0 to 18446744073709551615, found -1", ""
        ),
        (
            "get-u64", "2**64",
            "OverflowError: expected an integer from 0 to 18446744073709551615, found 18446744073709551616", ""
        ),
        (
            "get-u64", "10**5000",
            "OverflowError: expected an integer from 0 to 18446744073709551615, found one of 16610 bits", ""
        ),
        ("get-u64", "1.0", "TypeError: expected int, found float", ""),
        ("get-u64", "Bad()", "KeyError: 'own'", ""),
        ("get-s8", "10**5000", "OverflowError: expected an integer from -128 to 127, found one of 16610 bits", ""),
        ("get-char", "'ab'", "ValueError: expected one Unicode character, found 2", ""),
        (
            "get-char", #"'\ud800'"#, #"ValueError: expected one Unicode character, found the surrogate '\ud800'"#, ""
        ),
        ("get-char", "1", "TypeError: expected str, found int", ""),
        (
            "get-string", #"'abc\udc80'"#,
            #"UnicodeEncodeError: 'utf-8' codec can't encode character '\udc80' in position 3: surrogates not allowed"#,
            ""
        ),
        ("get-string", "b'x'", "TypeError: expected str, found bytes", ""),
        ("get-string", "'x' * (1 << 28)", "ValueError: expected at most 268435455 bytes, found 268435456", ""),
        ("get-bytes", "'abc'", "TypeError: expected bytes, found str", ""),
        ("get-bytes", "[256]", "ValueError: bytes must be in range(0, 256)", ""),
        ("get-bytes", "bytes(1 << 28)", "ValueError: expected at most 268435455 bytes, found 268435456", ""),
        ("get-strings", "['a', b'b']", "TypeError: expected str, found bytes", "[1]"),
        ("get-strings", "Bad()", "KeyError: 'own'", ""),
        ("get-strings", "[''] * (1 << 25)", "ValueError: expected at most 33554431 elements, found 33554432", ""),
        ("get-orders", "Shrinking().orders", "IndexError: list index out of range", "[1]"),
        ("get-maybe", "5", "TypeError: expected Some or None, found int", ""),
        ("get-maybe", "Some(300)", "OverflowError: expected an integer from 0 to 255, found 300", ".value"),
        ("get-result", "raising(Err('x'))", "TypeError: expected Color, found str", ".value"),
        ("get-results", "[5]", "TypeError: expected Ok or Err, found int", "[0]"),
        ("get-results", "[Ok(1), Err(t.Color.RED), Err(3)]", "TypeError: expected Color, found int", "[2].value"),
        ("get-bool", "'no'", "TypeError: expected bool, found str", ""),
        ("get-bool", "None", "TypeError: expected bool, found NoneType", ""),
        ("get-f32", "10**400", "OverflowError: int too large to convert to float", ""),
        ("get-f32", "'1'", "TypeError: expected float, found str", ""),
        ("get-cart", "'x'", "TypeError: expected Cart, found str", ""),
        ("get-cart", "None", "TypeError: expected Cart, found NoneType", ""),
    ]

    @Test(arguments: mistakes.indices)
    func `a value that is not of the type is named with its place`(_ index: Int) throws {
        let (function, code, error, place) = Self.mistakes[index]
        let trap = #expect(throws: Trap.self) { try call(function, code) }
        #expect(
            trap?.guestMessage?.hasSuffix("\(error)\nin `result\(place)` of `\(function)`\n") == true,
            "\(String(describing: trap))")
    }

    @Test func `what is like a number, a sequence or an error is taken for one`() throws {
        #expect(try call("get-u64", "Many()") == .u64(200))
        #expect(try call("get-u64", "True") == .u64(1))
        #expect(try call("get-bool", "Many()") == .bool(true))
        #expect(try call("get-bool", "0") == .bool(false))
        #expect(try call("get-f32", "1") == .f32(1))
        #expect(try call("get-bytes", "(1, 2)") == .list([.u8(1), .u8(2)]))
        #expect(try call("get-strings", "(c for c in 'ab')") == .list([.string("a"), .string("b")]))
        #expect(try call("get-result", "raising(OwnErr(t.Color.GREEN))") == .error(.enum("green")))
    }

    @Test func `a record is of the class that the bindings declare, as the app has changed it`() throws {
        let order = Value.record([
            RecordField(name: "id", value: .u32(7)),
            RecordField(
                name: "items",
                value: .list([
                    .record([
                        RecordField(name: "name", value: .string("a")), RecordField(name: "price", value: .f64(1)),
                        RecordField(name: "tags", value: .list([])),
                    ])
                ])),
            RecordField(name: "paid", value: .bool(true)),
        ])
        func describe(_ more: String) throws -> Value? {
            try Self.world.get().with(["app.py": Self.app + more, "shop.py": Self.shop]) { instance, _ in
                try instance.function("describe", in: "a:b/shop").call([order])
            }
        }
        let name = "<class 'wit_world.exports.shop.Order'>"
        #expect(try describe("") == .string("(\(name), 7, ['a'], True)"))
        let changed = """

            def twice(self, id, items, paid): self.id, self.items, self.paid = id * 2, items * 2, paid
            Order.__init__ = twice
            """
        #expect(try describe(changed) == .string("(\(name), 14, ['a', 'a'], True)"))
        #expect(
            try call("get-orders", "[type('Own', (Order,), {})(1, [], True)]")
                == .list([
                    .record([
                        RecordField(name: "id", value: .u32(1)), RecordField(name: "items", value: .list([])),
                        RecordField(name: "paid", value: .bool(true)),
                    ])
                ]))
    }

    @Test func `recursion without an end is an exception`() throws {
        let trap = #expect(throws: Trap.self) { try call("get-u64", "(lambda f: f(f))(lambda f: f(f))") }
        #expect(trap?.guestMessage?.hasSuffix("RecursionError: maximum recursion depth exceeded\n") == true)
    }
}
