// SPDX-License-Identifier: Apache-2.0

package import DovetailFiles
import Synchronization

/// Core modules in the user's cache that components import by what they hold: an import's name ends with the SHA-256 of the module.
///
/// Nobody can give a component another module under such a name, so whoever links it may look for it without being asked.
package struct SharedModules: Sendable {
    /// The folder that the modules lie in.
    package let folder: String

    /// What stands between the label of a name and the hash; a word of a name cannot begin with a digit.
    private static let mark = "-sha256-x"

    /// The modules in a cache.
    ///
    /// - Parameter cache: Dovetail's folder in the user's cache; `nil` for the usual one.
    /// - Returns: `nil` when the user has no home.
    package init?(cache: String? = nil) {
        guard let cache = cache ?? EngineLibrary.userCacheFolder() else { return nil }
        folder = cache + "/modules"
    }

    /// The name under which a module is imported: `label` says what it is.
    package static func name(_ label: String, hash: String) -> String { label + mark + hash }

    /// The SHA-256 in the name of an import, and what is in front of it; `nil` for a name without one.
    package static func parts(of name: String) -> (label: String, hash: String)? {
        guard let place = name.firstRange(of: mark) else { return nil }
        let hash = name[place.upperBound...]
        guard hash.utf8.count == 64, hash.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        return (String(name[..<place.lowerBound]), String(hash))
    }

    /// The file of a module.
    package func path(_ hash: String) -> String { "\(folder)/\(hash).wasm" }

    /// Files whose hash this process has found to be right: it takes longer than mapping what was compiled of them.
    private static let checked = Mutex<[String: FileStatus.Version]>([:])

    /// The module with this hash; `nil` when it is not there, or what is there is another.
    ///
    /// - Parameter engine: whose cache remembers that it is right.
    package func contents(_ hash: String, for engine: Engine? = nil) -> FileContents? {
        found(hash, engine)?.contents
    }

    /// The module, and what the engine's cache knows about it.
    private func found(_ hash: String, _ engine: Engine?) -> (contents: FileContents, notes: ModuleNotes?)? {
        let path = path(hash)
        guard let version = Files.status(path)?.version(at: \.changed), let contents = try? FileContents(path) else {
            return nil
        }
        let notes = ModuleNotes(engine?.cache, contents)
        if Self.checked.withLock({ $0[path] }) == version { return (contents, notes) }
        if notes?[0]?.hash != hash {
            contents.readAhead()
            guard contents.withBytes({ SHA256.hexadecimal(of: $0) }) == hash else { return nil }
            notes?[0] = ModuleNotes.Note(hash: hash)
            notes?.save()
        }
        Self.checked.withLock { $0[path] = version }
        return (contents, notes)
    }

    /// Keeps a module.
    ///
    /// - Returns: its hash.
    /// - Throws: ``SystemError`` when the folder cannot be written.
    package func keep(_ bytes: [UInt8]) throws(SystemError) -> String {
        let hash = bytes.withUnsafeBytes { SHA256.hexadecimal(of: $0) } ?? ""
        try Files.makeDirectories(above: path(hash))
        try bytes.withRawBytes { (bytes) throws(SystemError) in try Files.replace(path(hash), with: bytes) }
        return hash
    }

    /// The module that an import of this name asks for, compiled; `nil` when the name asks for none, or it is not there.
    static func module(named name: String, for engine: Engine) throws(EngineError) -> CoreModule? {
        guard let (_, hash) = parts(of: name), let (contents, notes) = SharedModules()?.found(hash, engine) else {
            return nil
        }
        let known = notes?[0] ?? ModuleNotes.Note(hash: hash)
        let module = try contents.withBytes { (bytes) throws(EngineError) in
            try CoreModule(engine: engine, bytes: bytes, name: name, known: known)
        }
        if let note = module.compiled.note { notes?[0] = note }
        notes?.save()
        return module
    }
}

extension Component {
    /// The names of the core modules that the component imports by what they hold.
    package var sharedModules: [String] {
        plan.imports.modules.compactMap { module in
            guard module.path.count == 1, let name = module.path.first, SharedModules.parts(of: name) != nil else {
                return nil
            }
            return name
        }
    }
}
