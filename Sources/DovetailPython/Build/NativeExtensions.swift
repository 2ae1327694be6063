// SPDX-License-Identifier: Apache-2.0

import DovetailComponentize
import DovetailSystem

/// The native extension modules below the folders of an app: shared libraries, which CPython opens by their paths.
struct NativeExtensions {
    /// Those that are WebAssembly, by their paths in the guest.
    private(set) var libraries: [Componentizer.Library] = []
    /// Those that are for something else, as the host's own Python has them, by their paths on the host.
    private(set) var foreign: [String] = []
    /// How many functions of a library had another signature than CPython calls, by its paths in the guest and on the host.
    private(set) var mended: [(guest: String, path: String, count: Int)] = []

    /// Looks at those that lie in the folders of an app; guests know these by other paths.
    init(_ contents: AppFolders, guest folders: [String]) throws(PythonError) {
        for library in contents.libraries { try add("\(folders[library.root])/\(library.name)", library.path) }
    }

    private mutating func add(_ guest: String, _ host: String) throws(PythonError) {
        let bytes: [UInt8]
        do throws(SystemError) {
            guard try Files.read(host, limit: 4).starts(with: Array("\0asm".utf8)) else {
                foreign.append(host)
                return
            }
            bytes = try Files.read(host)
        } catch {
            throw .unreadable(host, error)
        }
        do throws(ComponentizeError) {
            let (repaired, repairs) = try SignatureRepair.repaired(bytes)
            libraries.append(Componentizer.Library(name: guest, bytes: repaired, isOpenable: true))
            if !repairs.isEmpty { mended.append((guest, host, repairs.count)) }
        } catch {
            throw .link(error)
        }
    }

    /// Whether a module of a package that is missing has native code for another machine.
    func isForeign(_ module: some StringProtocol) -> Bool {
        let parts = module.split(separator: ".")
        guard let last = parts.last else { return false }
        return foreign.contains { path in
            let components = path.split(separator: "/")
            return components.last?.hasPrefix(last + ".") == true
                && (parts.count == 1 || components.contains { $0 == parts[0] })
        }
    }
}
