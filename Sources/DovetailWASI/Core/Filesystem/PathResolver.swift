// SPDX-License-Identifier: Apache-2.0

import DovetailSystem

/// A path reduced to an open directory inside the sandbox and one name in it, which holds no separator.
///
/// Operations on it use the name without following symbolic links, so nothing that happens to the tree in between
/// can lead them out of the sandbox.
package struct ResolvedPath {
    package let directory: OwnedDescriptor
    /// A name, or `.` for the directory itself.
    package let name: String
    /// The path ended in a slash: the entry has to be a directory.
    package let mustBeDirectory: Bool
}

/// Resolves a guest's paths below one directory: nothing above it can be reached through `..`, absolute paths or
/// symbolic links, whatever is renamed meanwhile.
package struct PathResolver {
    /// The most symbolic links one path may lead through.
    private static let linkLimit = 40
    /// The most directories kept open for `..` while one path is walked.
    private static let depthLimit = 256
    private static let longestPath = 4096

    package let root: OwnedDescriptor
    /// False tests the walk by components where the kernel could do it.
    package let usesKernel: Bool

    /// Resolves below `root`, which must be a directory.
    package init(root: OwnedDescriptor, usesKernel: Bool = true) {
        self.root = root
        self.usesKernel = usesKernel
    }

    /// Resolves to the entry that the path names; a symbolic link in last place is followed if asked to, and where a
    /// trailing slash demands it and `followsAtSlash` allows it.
    package func resolve(
        _ path: String, followLast: Bool, followsAtSlash: Bool = true
    ) throws(FileSystemErrorCode) -> ResolvedPath {
        var path = path
        var links = 0
        while true {
            let (parent, name, slash) = try split(path)
            let directory = try openDirectory(parent, links: &links)
            guard name != ".", followLast || (slash && followsAtSlash),
                let target = try linkTarget(in: directory, name)
            else { return ResolvedPath(directory: directory, name: name, mustBeDirectory: slash) }
            links += 1
            guard links <= Self.linkLimit else { throw .loop }
            guard target.utf8.first != UInt8(ascii: "/") else { throw .notPermitted }
            // Taken from the root again: the target's `..` may leave the parent, but never the root.
            path = (parent.isEmpty ? target : parent + "/" + target) + (slash ? "/" : "")
        }
    }

    /// Opens what the path names in one step where the kernel can confine it, else nil.
    func openWithKernel(
        _ path: String, _ flags: OwnedDescriptor.OpenFlags
    ) throws(FileSystemErrorCode) -> OwnedDescriptor? {
        guard usesKernel else { return nil }
        _ = try split(path)
        return try openBeneath(path, flags)
    }

    /// The target of a symbolic link, nil for anything else that may or may not be there.
    func linkTarget(in directory: OwnedDescriptor, _ name: String) throws(FileSystemErrorCode) -> String? {
        do throws(SystemError) {
            // What is not UTF-8 leads nowhere that a guest could name.
            return String(validating: try directory.readLink(name, limit: Self.longestPath), as: UTF8.self)
        } catch {
            if error == .invalidArgument || error == .noSuchFile { return nil }
            throw FileSystemErrorCode(error)
        }
    }

    /// Splits off the last component: the directory's path (empty: the root), the name, and whether a slash followed.
    private func split(_ path: String) throws(FileSystemErrorCode) -> (parent: String, name: String, slash: Bool) {
        let bytes = path.utf8
        guard let first = bytes.first else { throw .noEntry }
        guard first != UInt8(ascii: "/") else { throw .notPermitted }
        guard bytes.count < Self.longestPath else { throw .nameTooLong }
        guard !bytes.contains(0) else { throw .invalid }
        var end = bytes.endIndex
        while bytes[bytes.index(before: end)] == UInt8(ascii: "/") { end = bytes.index(before: end) }
        let slash = end != bytes.endIndex
        let start = bytes[..<end].lastIndex(of: UInt8(ascii: "/")).map(bytes.index(after:)) ?? bytes.startIndex
        let name = String(path[start..<end])
        // `.` and `..` name a directory that has to be walked to like any other.
        if name == "." || name == ".." { return (String(path[..<end]), ".", slash) }
        return (String(path[..<start]), name, slash)
    }

    /// Opens a directory inside the sandbox as a place to resolve from.
    private func openDirectory(_ path: String, links: inout Int) throws(FileSystemErrorCode) -> OwnedDescriptor {
        if path.isEmpty || path == "." { return root }
        if usesKernel, let directory = try openBeneath(path, [.path, .directory]) { return directory }
        return try walk(path, links: &links)
    }

    /// Walks component by component, never following a link by the system's own means.
    private func walk(_ path: String, links: inout Int) throws(FileSystemErrorCode) -> OwnedDescriptor {
        var stack = [root]
        var rest: [Substring.UTF8View] = Self.components(path).reversed()
        while let component = rest.popLast() {
            guard let name = String(component), let current = stack.last else { throw .invalid }
            switch name {
            case "", ".": continue
            case "..":
                guard stack.count > 1 else { throw .notPermitted }
                stack.removeLast()
                continue
            default: break
            }
            do throws(SystemError) {
                let directory = try current.open(name, [.path, .directory, .noFollow])
                guard stack.count < Self.depthLimit else { throw SystemError.nameTooLong }
                stack.append(directory)
            } catch {
                guard error == .tooManyLinksFollowed || error == .notDirectory,
                    let target = try linkTarget(in: current, name)
                else {
                    throw FileSystemErrorCode(error)
                }
                links += 1
                guard links <= Self.linkLimit else { throw .loop }
                guard target.utf8.first != UInt8(ascii: "/") else { throw .notPermitted }
                rest.append(contentsOf: Self.components(target).reversed())
                guard rest.count <= Self.longestPath else { throw .nameTooLong }
            }
        }
        return stack.last ?? root
    }

    private static func components(_ path: String) -> [Substring.UTF8View] {
        path.utf8.split(separator: UInt8(ascii: "/"))
    }

    /// Lets the kernel open a path below the root; nil when it cannot confine paths, or a race kept it from doing so.
    private func openBeneath(
        _ path: String, _ flags: OwnedDescriptor.OpenFlags
    ) throws(FileSystemErrorCode) -> OwnedDescriptor? {
        do throws(SystemError) {
            return try root.openBeneath(path, flags)
        } catch {
            switch FileSystemErrorCode(error) {
            case .crossDevice: throw .notPermitted
            // Missing from the kernel, forbidden by a filter, or disturbed by renames eight times over: walk instead,
            // which finds again what is truly not permitted.
            case .unsupported, .notPermitted, .wouldBlock: return nil
            case let code: throw code
            }
        }
    }
}
