// SPDX-License-Identifier: Apache-2.0
import DovetailSystem
import DovetailWASI
import Foundation
import Testing

/// Nothing outside the preopened folder can be reached, by the kernel's confinement or by our own walk.
@Suite struct SandboxEscapeTests {
    /// Paths that lead out, given the links of `escapes()`.
    static let escaping = [
        "..", "../", "../outside/secret", "dir/../../outside/secret", "./../outside/secret", "/etc/passwd", "/",
        "dir/deep/../../../outside/secret", "absolute", "absolute/secret", "up/outside/secret", "dir/up/outside/secret",
        "chain/secret", "dir/../..", "up", "up/", "outside-link/secret",
    ]

    func escapes() throws -> Sandbox {
        let sandbox = try Sandbox()
        try sandbox.link("absolute", to: sandbox.outside.path)
        try sandbox.link("up", to: "..")
        try sandbox.link("dir/up", to: "../..")
        try sandbox.link("chain", to: "dir/link")
        try sandbox.link("dir/link", to: "../../outside")
        try sandbox.link("outside-link", to: "../outside")
        return sandbox
    }

    @Test("a path cannot lead out of a preopened folder", arguments: escaping) func staysInside(_ path: String) throws {
        let sandbox = try escapes()
        defer { sandbox.remove() }
        let root = try sandbox.open()
        #expect(code { try root.open(at: path, followLinks: true, [], .read) } == .notPermitted)
        #expect(code { try root.stat(at: path, followLinks: true) } == .notPermitted)
        #expect(code { try root.open(at: path, followLinks: true, .directory, .read) } == .notPermitted)
        #expect(
            code { try root.setTimes(at: path, followLinks: true, accessed: .now, modified: .now) } == .notPermitted)
        #expect(code { try root.open(at: path, followLinks: true, [.create, .truncate], .write) } != nil)
        #expect(sandbox.contents("outside/secret") == "secret")
    }

    @Test("a walk over links and `..` cannot lead out of a preopened folder", arguments: escaping) func walkStaysInside(
        _ path: String
    ) throws {
        let sandbox = try escapes()
        defer { sandbox.remove() }
        let root = try sandbox.open()
        let resolver = PathResolver(root: root.descriptor, usesKernel: false)
        #expect(code { try resolver.resolve(path, followLast: true) } == .notPermitted)
    }

    @Test("links, renames and removals cannot reach out of a preopened folder")
    func mutationsStayInside() throws {
        let sandbox = try escapes()
        defer { sandbox.remove() }
        let root = try sandbox.open()
        for name in ["up/outside", "outside-link", "dir/up/outside", "absolute", "../outside", "chain"] {
            #expect(code { try root.createDirectory(at: name + "/new") } == .notPermitted)
            #expect(code { try root.unlinkFile(at: name + "/secret") } == .notPermitted)
            #expect(code { try root.removeDirectory(at: name + "/secret") } == .notPermitted)
            #expect(code { try root.symlink(target: "x", at: name + "/new") } == .notPermitted)
            #expect(code { try root.rename(at: name + "/secret", to: root, "mine") } == .notPermitted)
            #expect(code { try root.rename(at: "file", to: root, name + "/secret") } == .notPermitted)
            #expect(
                code { try root.link(at: name + "/secret", followLinks: false, to: root, "mine") } == .notPermitted)
            #expect(code { try root.link(at: "file", followLinks: false, to: root, name + "/x") } == .notPermitted)
            #expect(code { try root.readLink(at: name + "/secret") } == .notPermitted)
            #expect(
                code { try root.open(at: name + "/new", followLinks: true, .create, .write) } == .notPermitted)
        }
        #expect(sandbox.contents("outside/secret") == "secret")
        #expect(try FileManager.default.contentsOfDirectory(atPath: sandbox.outside.path) == ["secret"])
    }

    @Test("links to absolute paths are refused")
    func absoluteTargetsAreRefused() throws {
        let sandbox = try escapes()
        defer { sandbox.remove() }
        let root = try sandbox.open()
        #expect(code { try root.symlink(target: "/etc", at: "new") } == .notPermitted)
        #expect(code { try root.readLink(at: "absolute") } == .notPermitted)
        #expect(code { try root.link(at: "file", followLinks: true, to: root, "new") } == .invalid)
    }

    @Test("links that stay inside are followed")
    func linksInsideAreFollowed() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.link("to-file", to: "dir/deep/file")
        try sandbox.link("dir/deep/back", to: "../../file")
        try sandbox.link("to-dir", to: "dir/deep")
        let root = try sandbox.open()
        for kernel in [true, false] {
            let resolver = PathResolver(root: root.descriptor, usesKernel: kernel)
            for path in ["to-file", "to-dir/file", "to-dir/back", "to-dir/../deep/file", "dir/./deep//file"] {
                let found = try resolver.resolve(path, followLast: true)
                #expect(found.name == "file")
                let file = try root.open(at: path, followLinks: true, [], .read)
                #expect(file.kind == .regular)
            }
        }
        #expect(try root.readLink(at: "to-dir") == "dir/deep")
        #expect(code { try root.open(at: "to-file", followLinks: false, [], .read) } == .loop)
        #expect(try root.stat(at: "to-file", followLinks: false).kind == .symbolicLink)
        #expect(try root.stat(at: "to-dir/", followLinks: false).kind == .directory)
    }

    @Test("a loop of links is an error")
    func loopsEnd() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.link("a", to: "b")
        try sandbox.link("b", to: "a")
        try sandbox.link("self", to: "self/x")
        let root = try sandbox.open()
        for kernel in [true, false] {
            let resolver = PathResolver(root: root.descriptor, usesKernel: kernel)
            for path in ["a", "a/x", "self/y"] {
                #expect(code { try resolver.resolve(path, followLast: true) } == .loop)
            }
        }
        #expect(code { try root.open(at: "a", followLinks: true, [], .read) } == .loop)
    }

    @Test("empty, long and oddly encoded paths are handled")
    func oddPaths() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let root = try sandbox.open()
        #expect(code { try root.open(at: "", followLinks: true, [], .read) } == .noEntry)
        #expect(code { try root.stat(at: "a\0b", followLinks: true) } == .invalid)
        let long = String(repeating: "a/", count: 4000)
        #expect(code { try root.stat(at: long, followLinks: true) } == .nameTooLong)
        #expect(code { try root.stat(at: "file/x", followLinks: true) } == .notDirectory)
        #expect(code { try root.stat(at: "file/.", followLinks: true) } == .notDirectory)
        #expect(code { try root.stat(at: "file/..", followLinks: true) } == .notDirectory)
        #expect(try root.stat(at: ".", followLinks: true).kind == .directory)
        #expect(try root.stat(at: "dir/..", followLinks: true).hash == root.status().hash)
    }

    /// A directory that turns into a link to the outside and back, again and again, while paths run through it.
    @Test("a link that is exchanged during the walk cannot lead out of a preopened folder")
    func racesStayInside() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let root = try sandbox.open()
        try Data("mine".utf8).write(to: sandbox.root.appending(path: "dir/secret"))
        let flip = sandbox.root.appending(path: "flip").path
        let dir = sandbox.root.appending(path: "dir").path
        let stop = ReadinessSignal()
        let thread = Thread {
            while !stop.isRaised {
                _ = rename(dir, flip)
                symlink("../outside", dir)
                unlink(dir)
                _ = rename(flip, dir)
            }
            stop.lower()
        }
        thread.start()
        var seen = Set<String>()
        for round in 0..<4000 {
            let resolver = PathResolver(root: root.descriptor, usesKernel: round % 2 == 0)
            if let found = try? resolver.resolve("dir/secret", followLast: true) {
                let inside = Descriptor.list(found.directory)
                seen.formUnion(inside)
            }
            if let file = try? root.open(at: "dir/secret", followLinks: true, [], .read) {
                #expect(try String(decoding: file.read(64, at: 0).bytes, as: UTF8.self) == "mine")
            }
        }
        stop.raise()
        while stop.isRaised { Thread.sleep(forTimeInterval: 0.001) }
        #expect(seen.isSubset(of: ["secret", "deep"]))
    }
}

extension Descriptor {
    /// The names in a directory that only serves to resolve from: `deep` tells the inside from the outside.
    fileprivate static func list(_ directory: OwnedDescriptor) -> [String] {
        guard let listed = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd/\(directory.number)")
        else { return [] }
        return listed == ["secret"] ? ["OUTSIDE"] : listed
    }
}
