// SPDX-License-Identifier: Apache-2.0

package import Dovetail
import Foundation

/// Components in Python among the examples, built by componentize-py once in a run of the tests.
package enum PythonComponent {
    private struct NotBuilt: Error {
        let reason: String
    }

    /// Whether componentize-py is there or can be fetched.
    package static let isBuildable: Bool = {
        let script = TestFiles.root + "/Scripts/fetch-componentize-py"
        guard let outcome = try? BuiltProduct.runHoldingThread(script, []) else { return false }
        if outcome.code != 0 { print("the Python app is not tested: \(outcome.errors)") }
        return outcome.code == 0
    }()

    /// The engine and the component of `Examples/python-app`.
    package static let app: Result<(Engine, Component), any Error> = Result { try build("python-app") }

    /// The engine and the component of `Examples/matrix-service`.
    package static let service = BlockingWork.Once { try build("matrix-service") }

    private static func build(_ example: String) throws -> (Engine, Component) {
        let engine = try Engine()
        let name = "\(example)-\(UUID().uuidString).wasm"
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
        defer { try? FileManager.default.removeItem(atPath: file) }
        let outcome = try BuiltProduct.runHoldingThread(TestFiles.example("\(example)/build.sh"), [file])
        guard outcome.code == 0 else { throw NotBuilt(reason: outcome.output + outcome.errors) }
        return (engine, try Component(engine: engine, path: file))
    }
}
