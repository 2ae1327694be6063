// SPDX-License-Identifier: Apache-2.0

extension SnapshotError {
    static func module(_ position: Int, _ error: any Error) -> SnapshotError {
        SnapshotError(.unsupported, "core module \(position) of the component", cause: error)
    }

    static func importsModules() -> SnapshotError {
        SnapshotError(
            .unsupported,
            "the component imports core modules, whose state is not its own; expected all of them inside the file")
    }

    static func severalInstances(_ position: Int) -> SnapshotError {
        SnapshotError(
            .unsupported,
            "core module \(position) of the component is instantiated more than once; expected one instance of each")
    }

    static func lost(_ position: Int) -> SnapshotError {
        SnapshotError(.unsupported, "the state of core module \(position) of the component cannot be read")
    }

    static func openHandles(_ names: [String]) -> SnapshotError {
        let shown = names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", …" : "")
        return SnapshotError(
            .handles,
            "the component still has \(names.count) handles after its initialisation (\(shown)); "
                + "expected it to drop them, as no instance of the snapshot has them")
    }

    static func failed(_ name: String, _ result: String?) -> SnapshotError {
        SnapshotError(.failed, "the initialisation `\(name)` failed" + (result.map { ": \($0)" } ?? ""))
    }
}
