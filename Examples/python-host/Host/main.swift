// SPDX-License-Identifier: Apache-2.0
// Evaluates what customers wrote as rules for prices: Python that nobody has to trust, beside a program in Swift.

import Dovetail
import DovetailPython

/// The rules of customers, who may know Python well and may mean no good.
let rules: [(customer: String, source: String)] = [
    (
        "Ada",
        "def price(order):\n    return order.amount * unit_price(order.article) * (0.9 if order.amount >= 10 else 1)"
    ),
    ("Bob", "import statistics\ndef price(order):\n    return statistics.median([unit_price(order.article), 3.0])"),
    ("Carol", "def price(order):\n    return order.amount / 0"),
    ("Dan", "def price(order):\n    return unit_price('gold')"),
    ("Eve", "def price(order):\n    return open('/etc/passwd').read()"),
    ("Frank", "def price(order):\n    while True: pass"),
    ("Grace", "def price(order):\n    return 'x' * (1 << 30)"),
    ("Heidi", "def price(order):\n    return 'two'"),
]

struct UnknownArticle: Error {
    var name: String
}

let unitPrices = ["tea": 2.5, "milk": 1.25]
let order = Value.record([
    RecordField(name: "article", value: .string("tea")), RecordField(name: "amount", value: .u32(12)),
])

/// A sandbox for each rule: nothing that one does reaches another.
func price(by source: String, in python: PythonImage) throws -> Double {
    var configuration = PythonSandbox.Configuration()
    configuration.limits.timeout = .milliseconds(200)
    configuration.limits.maximumMemory = 64 << 20
    let sandbox = try PythonSandbox(python, configuration)
    try sandbox.define("unit_price") { (article: String) -> Double in
        guard let price = unitPrices[article] else { throw UnknownArticle(name: article) }
        return price
    }
    try sandbox.run(source, name: "rule.py")
    try sandbox.set("order", to: order)
    return try sandbox.evaluate("price(order)")
}

let python = try PythonImage(engine: try Engine())
for (customer, source) in rules {
    do {
        print("\(customer): \(try price(by: source, in: python))")
    } catch let error as PythonException {
        // `error.traceback` says where; `error.cause` is the Swift error that led to it.
        print("\(customer): \(error.type): \(error.message)")
    } catch let error as Trap {
        print("\(customer): \(error.message)")
    } catch {
        print("\(customer): \(error)")
    }
}
