// SPDX-License-Identifier: Apache-2.0

// Passes every call on to the host, in the version that it came in.

extension Versions.ExportedDependencyLog1_0_0: Versions.ExportedDependencyLog1_0_0.Exports {
    static func write(level: Level, text: String) {
        Versions.DependencyLog1_0_0.write(level: level, text: text)
        Versions.DependencyLog.flush()
    }
}

extension Versions.ExportedDependencyLog2_1_0: Versions.ExportedDependencyLog2_1_0.Exports {
    static func write(level: Level, text: String) -> Bool {
        Versions.DependencyLog2_1_0.write(level: level, text: text)
    }
}
