// SPDX-License-Identifier: Apache-2.0

import DovetailSystem

/// The folders of installed packages: those of a virtual environment, otherwise those of the system's Python.
package enum SitePackages {
    /// The folders that are there, in the order in which they are looked into.
    ///
    /// `VIRTUAL_ENV` counts first, as activated environments set it; then what `pipenv` says of the current folder; then what
    /// `python3` says.
    package static func folders() -> [String] {
        if let environment = ThisProcess.variable("VIRTUAL_ENV"), !environment.isEmpty {
            return inside(environment)
        }
        if let answer = try? ChildProcess.run(["pipenv", "--venv"], timeLimit: 20), answer.code == 0 {
            let folders = answer.text.split(separator: "\n").flatMap { inside(String($0)) }
            if !folders.isEmpty { return folders }
        }
        let program = "import site; print('\\n'.join([site.getusersitepackages(), *site.getsitepackages()]))"
        guard let answer = try? ChildProcess.run(["python3", "-c", program], timeLimit: 20), answer.code == 0 else {
            return []
        }
        return answer.text.split(separator: "\n").map(String.init).filter(Files.isDirectory)
    }

    /// The folders `lib/python*/site-packages` of an environment.
    private static func inside(_ environment: String) -> [String] {
        var found: [String] = []
        for library in ["lib", "Lib"].map({ Files.join(environment, $0) }) where Files.isDirectory(library) {
            let names = ((try? Files.names(in: library)) ?? []).sorted().filter { $0.hasPrefix("python") }
            for folder in [library] + names.map({ Files.join(library, $0) }) {
                let packages = Files.join(folder, "site-packages")
                if Files.isDirectory(packages) { found.append(packages) }
            }
        }
        return found
    }
}
