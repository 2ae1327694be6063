// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailComponentize
import DovetailSystem

/// Which native extensions an app has used before, in CPython's folder in the user's cache.
///
/// What an app uses is known once it has been imported. With what it used the last time, one import tells that this is still so.
struct ExtensionUse {
    private let path: String

    /// - Parameter marks: what tells the app, its folders and their extensions from others.
    init(_ carrier: PythonCarrier, marks: [String]) {
        let text = marks.joined(separator: "\n")
        path = "\(carrier.folder)/uses/\(WheelToolchain.hash(text)).txt"
    }

    /// The extensions by their paths in the guest; `nil` where nothing is known.
    var remembered: Set<String>? {
        guard let bytes = try? Files.read(path) else { return nil }
        return Set(String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init))
    }

    /// Keeps them, if that can be.
    func remember(_ extensions: Set<String>) {
        let text = extensions.sorted().map { $0 + "\n" }.joined()
        try? Files.makeDirectories(above: path)
        try? Array(text.utf8).withRawBytes { (bytes) throws(SystemError) in try Files.replace(path, with: bytes) }
    }
}

extension AppImport {
    /// The component with those extensions that the app uses, by their paths in the guest.
    ///
    /// An import that lacked one, of which a package may make light, is not trusted: what was to be opened counts as used.
    func runWithUsedExtensions() throws(PythonError) -> (build: PythonComponentizer.Build, used: Set<String>) {
        let all = native.libraries
        let names = Set(all.map(\.name))
        let marks = all.map { hostPath($0.name) } + app.folders.map { Files.realPath($0) ?? $0 }
        let use = ExtensionUse(
            componentizer.carrier, marks: marks + [app.module] + app.included + app.dataPackages + app.warmUps)
        if let guess = use.remembered, guess.isStrictSubset(of: names) {
            let made = try? run(with: all.filter { guess.contains($0.name) })
            if let made, made.extensions.intersection(names) == guess { return (made.build, guess) }
        }
        let first = try run(with: all)
        let used = first.extensions.intersection(names)
        use.remember(used)
        if used == names { return (first.build, used) }
        return (try run(with: all.filter { used.contains($0.name) }).build, used)
    }
}
