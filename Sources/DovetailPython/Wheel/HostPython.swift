// SPDX-License-Identifier: Apache-2.0

import DovetailSystem

/// A Python of this machine, which pip and build backends run in.
package struct HostPython: Sendable {
    /// The path of the interpreter.
    package let path: String
    /// Its version, as `3.13.0`.
    package let version: String
    private let order: (Int, Int)

    /// The least version: it reads TOML.
    private static let least = (3, 11)

    /// The interpreter at a path or of a name.
    ///
    /// - Throws: ``PythonError`` when it does not start, or is too old.
    package init(_ path: String) throws(PythonError) {
        let outcome: ChildProcess.Outcome
        do { outcome = try ChildProcess.run([path, "-c", Self.question], timeLimit: 20) } catch {
            throw .noInterpreter(path, error.description)
        }
        let lines = outcome.text.split(separator: "\n").map(String.init)
        let numbers = (lines.first ?? "").split(separator: ".").compactMap { Int($0) }
        guard outcome.code == 0, lines.count == 2, numbers.count == 3 else {
            throw .noInterpreter(path, outcome.text)
        }
        guard (numbers[0], numbers[1]) >= Self.least else {
            throw .noInterpreter(path, "it is \(lines[0]), expected 3.\(Self.least.1) or newer")
        }
        self.path = lines[1]
        version = lines[0]
        order = (numbers[0], numbers[1])
    }

    private static let question = "import sys; print('%d.%d.%d' % sys.version_info[:3]); print(sys.executable)"

    /// Whether its headers are those of the carrier's CPython.
    var isTarget: Bool { order == (3, 14) }

    /// The interpreters of this machine, the newest up to 3.14 first: those in `PATH`, and those of pyenv.
    package static func all() -> [HostPython] {
        var names = (Self.least.1...14).reversed().map { "python3.\($0)" } + ["python3"]
        if let home = ThisProcess.variable("PYENV_ROOT") ?? ThisProcess.variable("HOME").map({ "\($0)/.pyenv" }) {
            let versions = (try? Files.names(in: "\(home)/versions")) ?? []
            names += versions.filter { $0.hasPrefix("3.") }.map { "\(home)/versions/\($0)/bin/python3" }
        }
        var found: [HostPython] = []
        for name in names {
            guard let python = try? HostPython(name), python.order <= (3, 14),
                !found.contains(where: { $0.path == python.path })
            else { continue }
            found.append(python)
        }
        // Of the same version the first stays first.
        return found.enumerated().sorted { left, right in
            let (one, other) = (left.element.order, right.element.order)
            return one == other ? left.offset < right.offset : other < one
        }.map(\.element)
    }

    /// The interpreter that was named, else the newest there is.
    ///
    /// - Throws: ``PythonError`` when there is none.
    package static func find(_ name: String?) throws(PythonError) -> HostPython {
        if let name { return try HostPython(name) }
        guard let newest = all().first else {
            throw .noInterpreter("python3", "none of version 3.\(least.1) or newer is in `PATH`")
        }
        return newest
    }
}
