// SPDX-License-Identifier: Apache-2.0

import DovetailBindgen

extension BindgenError {
    static func badPythonName(_ option: String, _ name: String) -> BindgenError {
        BindgenError(code: .badOption, message: "expected a name in Python for `\(option)`, found `\(name)`")
    }
}
