// SPDX-License-Identifier: Apache-2.0

import DovetailFiles
import DovetailTestSupport
import Foundation
import Testing

@testable import Dovetail

@Suite("Compiled modules are kept for the next start")
final class ArtefactCacheTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cache-\(UUID().uuidString)")

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func engine(limit: Int = 1 << 30) throws -> Engine {
        var configuration = Engine.Configuration()
        configuration.cache = .folder(folder.path)
        configuration.cacheLimit = limit
        return try Engine(configuration)
    }

    /// A module with a custom section of so many bytes, which make it another one.
    private func module(_ number: UInt8, size: Int = 2000) -> [UInt8] {
        let payload: [UInt8] = [1, 0x78] + [UInt8](repeating: number, count: size)
        let length = UInt8(payload.count & 0x7f | 0x80)
        return [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x00, length, UInt8(payload.count >> 7)] + payload
    }

    private func files() -> [URL] {
        let all = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.fileSizeKey])?
            .compactMap { $0 as? URL }
        return (all ?? []).filter { !$0.hasDirectoryPath }.sorted { $0.path < $1.path }
    }

    private func size(_ file: URL) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int)
    }

    @Test("once for the same bytes, whoever asks")
    func keeps() throws {
        _ = try Module(engine: engine(), bytes: module(1))
        let first = files()
        #expect(first.count == 1)
        _ = try Module(engine: engine(), bytes: module(1))
        #expect(files() == first)
        _ = try Module(engine: engine(), bytes: module(2))
        #expect(files().count == 2)
    }

    @Test("but not those that compile in no time")
    func small() throws {
        _ = try Module(engine: engine(), bytes: module(1, size: 20))
        #expect(files().isEmpty)
    }

    @Test("and damaged ones are made anew")
    func damaged() throws {
        _ = try Module(engine: engine(), bytes: module(1))
        let file = try #require(files().first)
        let sound = try Data(contentsOf: file)
        for damage in [Data(), Data("nonsense".utf8), Data(repeating: 0, count: sound.count)] {
            try damage.write(to: file)
            _ = try Module(engine: engine(), bytes: module(1))
            #expect(try size(file) == sound.count)
        }
    }

    @Test("a byte that changed anywhere in the file is noticed before the code runs")
    func flipped() throws {
        _ = try Module(engine: engine(), bytes: module(1))
        let file = try #require(files().first)
        let sound = try Data(contentsOf: file)
        for position in stride(from: 0, to: sound.count, by: max(1, sound.count / 40)) {
            var damaged = sound
            damaged[position] ^= 0x04
            try damaged.write(to: file)
            _ = try Module(engine: engine(), bytes: module(1))
            #expect(try Data(contentsOf: file) == sound, "at \(position)")
        }
        for count in [1, 23, 24, 25, sound.count / 2, sound.count - 1] {
            try sound.prefix(count).write(to: file)
            _ = try Module(engine: engine(), bytes: module(1))
            #expect(try Data(contentsOf: file) == sound, "cut to \(count)")
        }
    }

    @Test("what is known about a large file is there at the next start, as long as the file is the same")
    func notes() throws {
        let source = TestFiles.root + "/Sources/DovetailWASI/Generated/WASI02.swift"
        let note = ModuleNotes.Note(hash: "ab", artefact: "1.2.3")
        let first = try #require(try ModuleNotes(engine().cache, FileContents(source)))
        #expect(first[7] == nil)
        first[7] = note
        first[9] = ModuleNotes.Note(hash: "cd")
        #expect(files().isEmpty)
        first.save()
        #expect(files().count == 1)
        let second = try #require(try ModuleNotes(engine().cache, FileContents(source)))
        #expect(second[7] == note && second[9]?.artefact == nil && second[8] == nil)
        // Neither of another file, nor of one that has only just changed, as another change might not show.
        let copy = folder.appendingPathComponent("copy")
        try Data(contentsOf: URL(fileURLWithPath: source)).write(to: copy)
        #expect(try FileContents(copy.path).settledVersion == nil)
        #expect(try ModuleNotes(engine().cache, FileContents(copy.path)) == nil)
    }

    @Test("code is checked unless it is known to be what was checked before")
    func checked() throws {
        _ = try Module(engine: engine(), bytes: module(1))
        let file = try #require(files().first)
        let (engine, key) = (try engine(), file.lastPathComponent)
        let cache = try #require(engine.cache)
        var damaged = try Data(contentsOf: file)
        damaged[damaged.count - 1] ^= 1
        try damaged.write(to: file)
        #expect(cache.load(key, engine, undamaged: "1") == nil)
        #expect(files().isEmpty)
    }

    @Test("a folder that others may write, or that is somebody else's, is not used")
    func strangeFolders() throws {
        let manager = FileManager.default
        _ = try Module(engine: engine(), bytes: module(1))
        let inner = try #require(files().first).deletingLastPathComponent()
        for place in [folder, inner] {
            for mode in [0o777, 0o770, 0o707, 0o720] {
                try manager.setAttributes([.posixPermissions: mode], ofItemAtPath: place.path)
                let engine = try engine()
                _ = try Module(engine: engine, bytes: module(2))
                #expect(files().count == 1)
                #expect(
                    engine.cacheProblem
                        == "the compile cache `\(place.path)` is not used, because others may write it; run `chmod go-w` on it"
                )
            }
            try manager.setAttributes([.posixPermissions: 0o700], ofItemAtPath: place.path)
            #expect(try engine().cacheProblem == nil)
        }
        // Only the superuser can give a folder away.
        guard geteuid() == 0 else { return }
        try manager.setAttributes([.ownerAccountID: 4321], ofItemAtPath: inner.path)
        let engine = try engine()
        _ = try Module(engine: engine, bytes: module(2))
        #expect(files().count == 1)
        #expect(engine.cacheProblem?.hasSuffix("because it belongs to another user (number 4321)") == true)
    }

    @Test("a file that others may write, or that is somebody else's, is made anew")
    func strangeFiles() throws {
        _ = try Module(engine: engine(), bytes: module(1))
        let file = try #require(files().first)
        func attribute(_ key: FileAttributeKey) throws -> Int {
            try #require(try FileManager.default.attributesOfItem(atPath: file.path)[key] as? Int)
        }
        let first = try attribute(.systemFileNumber)
        _ = try Module(engine: engine(), bytes: module(1))
        #expect(try attribute(.systemFileNumber) == first)
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: file.path)
        _ = try Module(engine: engine(), bytes: module(1))
        #expect(try attribute(.posixPermissions) == 0o600)
        // A link is nobody's file, wherever it leads.
        let target = folder.appendingPathComponent("target")
        try FileManager.default.moveItem(at: file, to: target)
        try FileManager.default.createSymbolicLink(at: file, withDestinationURL: target)
        _ = try Module(engine: engine(), bytes: module(1))
        #expect(
            try FileManager.default.attributesOfItem(atPath: file.path)[.type] as? FileAttributeType == .typeRegular)
    }

    @Test("up to a limit")
    func limit() throws {
        _ = try Module(engine: engine(), bytes: module(0))
        let one = try size(try #require(files().first))
        let engine = try engine(limit: 5 * one)
        for number in 1..<20 { _ = try Module(engine: engine, bytes: module(UInt8(number))) }
        #expect(try files().map(size).reduce(0, +) <= 5 * one)
        #expect(!files().isEmpty)
    }

    @Test("a folder that cannot be written is no error")
    func unwritable() throws {
        var configuration = Engine.Configuration()
        configuration.cache = .folder("/dev/null/cache")
        _ = try Module(engine: try Engine(configuration), bytes: module(1))
    }

    @Test("many at once do not disturb each other")
    func concurrent() async throws {
        let (engine, modules) = (try engine(), (0..<4).map { module(UInt8($0)) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<32 {
                group.addTask { _ = try Module(engine: engine, bytes: modules[number % 4]) }
            }
            try await group.waitForAll()
        }
        #expect(files().count == 4)
    }
}
