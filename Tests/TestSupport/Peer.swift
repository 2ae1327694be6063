// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Other tools of the field beside the conformance data, to compare with.
package enum Peer {
    /// What starts a tool by its name; `nil` where there is none.
    package static let run: String? = SharedData.folder.map { $0.path + "/peers/run" }.flatMap {
        FileManager.default.isExecutableFile(atPath: $0) ? $0 : nil
    }

    /// The path of wasmtime; `nil` where there is none.
    package static let wasmtime: String? = {
        guard let run, let found = try? BuiltProduct.runHoldingThread(run, ["--path", "wasmtime"]) else { return nil }
        return found.code == 0 ? found.firstLine : nil
    }()
}
