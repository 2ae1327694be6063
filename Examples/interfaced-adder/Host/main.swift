// SPDX-License-Identifier: Apache-2.0

import Dovetail

let engine = try Engine()
let component = try Component(engine: engine, path: "interfaced-adder.wasm")
let adder = try InterfacedAdder(component, in: Store(engine: engine))
print(try adder.addition.add(a: 40, b: 2))
do {
    print(try adder.addition.add(a: .max, b: 1))
} catch let failure as InterfacedAdder.Addition.Failure {
    print("failed: \(failure)")
}
