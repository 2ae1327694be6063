// SPDX-License-Identifier: Apache-2.0

import DovetailSystem
import DovetailWASI

/// The folders that the loader of an app reads besides the standard library, some of them made for it.
///
/// What of them is seen before the loader reads about the app is the same for all apps, the number of folders included: memories
/// differ from then on only.
final class LoaderFolders {
    private let folder: TemporaryFolder
    /// The folders as the guest gets them.
    let preopens: [Preopen]

    /// How many folders of an app there always are; those that it does not have are empty.
    private static let count = 12

    /// What is imported before anything of a world is looked at.
    private static let first = "componentize_py_types.py"
    /// Modules that are not the same for all worlds, nor there in all.
    private static let modulesOfWorld: Set<String> = ["poll_loop.py", "dovetail_http.py"]

    init(
        _ loader: AppLoader, bindings: [(name: String, text: String)], folders: [(guest: String, host: String)]
    ) throws(PythonError) {
        let places = PythonComponentizer.Folder.self
        do throws(SystemError) {
            folder = try TemporaryFolder()
            for name in ["common", "world", "empty"] { try Files.makeDirectory(folder.file(name)) }
            for (name, text) in StubModules.files { try folder.write(Array(text.utf8), to: "common/" + name) }
            for (name, text) in bindings {
                // Bindings of a world are packages; what supports them are modules.
                var text = text
                if name == Self.first { text += "\n\nimport \(AppLoader.commonName)\n" }
                let isOfWorld = name.contains("/") || Self.modulesOfWorld.contains(name)
                try folder.write(Array(text.utf8), to: (isOfWorld ? "world/" : "common/") + name)
            }
            try folder.write(Array(loader.commonText.utf8), to: "common/\(AppLoader.commonName).py")
            try folder.write(Array(AppLoader.text.utf8), to: "common/\(AppLoader.name).py")
            try folder.write(Array(loader.parameters.utf8), to: "world/" + AppLoader.parametersFile)
        } catch {
            throw .temporary(error)
        }
        var all = [(places.bindings, folder.file("common")), (places.world, folder.file("world"))]
        all += folders
        for number in folders.count..<max(folders.count, Self.count) {
            all.append(("/app/\(number + 1)", folder.file("empty")))
        }
        preopens = all.map { Preopen($0.1, as: $0.0, permissions: .readOnly) }
    }
}
