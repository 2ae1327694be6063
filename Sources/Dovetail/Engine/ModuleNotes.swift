// SPDX-License-Identifier: Apache-2.0

import DovetailFiles
import Synchronization

/// What earlier starts found out about a large file with core modules, kept in the cache: their hashes, and that what was compiled of them is
/// undamaged. Reading all of a Python component and of its machine code for that takes longer than starting it.
///
/// It holds as long as the files keep their identity, size and the time of their last change.
final class ModuleNotes: Sendable {
    /// What is known of one module.
    struct Note: Equatable {
        /// The SHA-256 of its bytes.
        let hash: String
        /// The version of the compiled code whose checksum was right.
        var artefact: String?
    }

    /// Smaller files are read in no time.
    private static let smallest = 1 << 17
    private let cache: ArtefactCache
    private let name: String
    private let state: Mutex<(notes: [Int: Note], isChanged: Bool)>

    /// The notes about a file; `nil` where none are kept.
    init?(_ cache: ArtefactCache?, _ contents: FileContents) {
        guard let cache, let version = contents.settledVersion, contents.withBytes({ $0.count }) >= Self.smallest,
            let name = ArtefactCache.hash(version)
        else { return nil }
        self.cache = cache
        self.name = "notes-\(name)"
        state = Mutex((cache.text(self.name).map(Self.notes) ?? [:], false))
    }

    /// Whether nothing is known.
    var isEmpty: Bool { state.withLock { $0.notes.isEmpty } }

    /// What is known of the module that begins at a place in the file.
    subscript(place: Int) -> Note? {
        get { state.withLock { $0.notes[place] } }
        set {
            guard let newValue else { return }
            state.withLock { state in
                guard state.notes[place] != newValue else { return }
                state.notes[place] = newValue
                state.isChanged = true
            }
        }
    }

    /// Keeps what has been found out since.
    func save() {
        let text: String? = state.withLock { state in
            guard state.isChanged else { return nil }
            state.isChanged = false
            return state.notes.sorted { $0.key < $1.key }.map { place, note in
                "\(place) \(note.hash) \(note.artefact ?? "-")\n"
            }.joined()
        }
        if let text { cache.keep(text, as: name) }
    }

    private static func notes(_ text: String) -> [Int: Note] {
        var notes: [Int: Note] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 3, let place = Int(words[0]) else { return [:] }
            notes[place] = Note(hash: String(words[1]), artefact: words[2] == "-" ? nil : String(words[2]))
        }
        return notes
    }
}
