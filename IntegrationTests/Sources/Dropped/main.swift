// SPDX-License-Identifier: Apache-2.0

import Dovetail

let engine = try Engine()
let component = try Component(engine: engine, path: CommandLine.arguments[1])
let adder = try Adder(component, in: Store(engine: engine))
print(try adder.add(a: 1, b: 2))
