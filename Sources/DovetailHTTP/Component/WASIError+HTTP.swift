// SPDX-License-Identifier: Apache-2.0

import DovetailWASI

/// The wording of what guests must not do with `wasi:http`.
extension WASIError {
    static func fieldsTooLarge(_ size: Int, limit: Int) -> WASIError {
        WASIError(
            .limit, "expected fields of at most \(limit) bytes, found \(size)", where: "wasi:http/types#fields")
    }

    static func streamInUse(_ function: String) -> WASIError {
        WASIError(
            .misuse, "expected the stream of the body to be dropped before the body is finished", where: function)
    }

    static func childLives(_ child: String, of parent: String) -> WASIError {
        WASIError(
            .misuse, "expected the \(child) of the `\(parent)` to be dropped before it",
            where: "wasi:http/types#[resource-drop]\(parent)")
    }

    static func foreignResource(_ resource: String, _ function: String) -> WASIError {
        WASIError(
            .misuse, "expected a `\(resource)` of DovetailHTTP's own, found one that the host implements itself",
            where: function)
    }
}
