// SPDX-License-Identifier: Apache-2.0

import Dovetail

let engine = try Engine()
let component = try Component(engine: engine, path: CommandLine.arguments[1])
do {
    let calculator = try Calculator(component, in: Store(engine: engine))
    print(try calculator.add(a: 1, b: 2))
} catch {
    print(error)
}
