// SPDX-License-Identifier: Apache-2.0

import DovetailJSON
import DovetailSystem

extension WheelBuilder {
    /// The wheels of packages, in their order. NumPy is built first, since others are compiled against its headers.
    ///
    /// - Throws: ``PythonError`` when one cannot be fetched or built.
    package func wheels(of packages: [ResolvedPackage]) throws(PythonError) -> [BuiltWheel] {
        var headers: String?
        var numpy: BuiltWheel?
        if let package = packages.first(where: { $0.name == "numpy" }) {
            let wheel = try wheel(of: package)
            headers = try toolchain.headers(of: wheel)
            numpy = wheel
        }
        var wheels: [BuiltWheel] = []
        for package in packages {
            if let numpy, package.name == "numpy" {
                wheels.append(numpy)
            } else {
                wheels.append(try wheel(of: package, numpy: headers))
            }
        }
        return wheels
    }

    /// A folder with the modules of wheels, in the cache: what is added to the path of an app.
    ///
    /// It has byte code, and nothing that components do not need: no tests, headers and stubs of types, and no docstrings of packages
    /// with native code.
    /// - Throws: ``PythonError`` when it cannot be written.
    package func site(of wheels: [BuiltWheel]) throws(PythonError) -> WheelSite {
        let parts = wheels.map(\.path).sorted() + [carrier.folder, ByteCodeCompiler.app, WheelFile.text("helper.py")]
        let folder = "\(toolchain.cache)/sites/\(WheelToolchain.hash(parts.joined(separator: "\n")))"
        if !Files.exists(folder) {
            report("compiling packages")
            try toolchain.installing(folder) { scratch throws(PythonError) in try install(wheels, in: scratch) }
        }
        let text = (try? Files.read(folder + "/" + WheelSite.list)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return WheelSite(
            folder: folder + "/modules", notes: wheels.compactMap(\.note),
            leftOut: text.split(separator: "\n").map(String.init))
    }

    private func install(_ wheels: [BuiltWheel], in scratch: String) throws(PythonError) {
        var native: [String] = []
        var list = ""
        for wheel in wheels {
            let outcome = try toolchain.helper(["install", wheel.path, scratch + "/source"])
            let parts = outcome.code == 0 ? Self.parts(outcome.text) : nil
            guard let parts else { throw .cannotUnpack(wheel.path, outcome.text) }
            native += parts.native
            var words: [String] = []
            if parts.leftOut > 0 { words.append("\(parts.leftOut) files of tests, headers, sources and types") }
            if !parts.native.isEmpty { words.append("docstrings") }
            if !words.isEmpty { list += "\(wheel.name): \(words.joined(separator: ", "))\n" }
        }
        do throws(SystemError) {
            try Files.makeDirectories(above: scratch + "/modules/x")
            try Files.makeDirectories(above: scratch + "/compiler/x")
            try Array(list.utf8).withRawBytes { (bytes) throws(SystemError) in
                try Files.replace("\(scratch)/\(WheelSite.list)", with: bytes)
            }
        } catch {
            throw .unwritable(scratch, error)
        }
        _ = try carrier.compiledStandardLibrary(report: report)
        try ByteCodeCompiler(carrier: carrier, scratch: scratch + "/compiler").compile(
            scratch + "/source", to: scratch + "/modules", place: WheelSite.place, bare: native)
        for folder in ["compiler", "source"] { try? Files.removeTree("\(scratch)/\(folder)") }
    }

    private static func parts(_ text: String) -> (native: [String], leftOut: Int)? {
        try? { () throws(JSONError) in
            let place = JSONPlace(try JSONTree(reading: text))
            guard case .array(let names)? = try place.member("native")?.value,
                let count = try place.member("left_out")?.value.text()
            else { return nil }
            var native: [String] = []
            for name in names { native.append(try JSONPlace(name).text()) }
            return (native, Int(count) ?? 0)
        }()
    }
}

extension WheelToolchain {
    /// The folder of NumPy's headers.
    fileprivate func headers(of wheel: BuiltWheel) throws(PythonError) -> String {
        let target = "\(cache)/headers/\(Self.hash(wheel.path))"
        if !Files.exists(target) {
            try installing(target) { scratch throws(PythonError) in
                let outcome = try helper(["unpack", wheel.path, scratch, "numpy/_core/include/"])
                guard outcome.code == 0 else { throw .cannotUnpack(wheel.path, outcome.text) }
            }
        }
        return target + "/numpy/_core/include"
    }
}

/// Where the modules of wheels are, for an app that imports them.
package struct WheelSite: Sendable {
    /// The folder, for ``PythonProgram/folders``.
    package var folder: String
    /// What is to be said of the wheels.
    package var notes: [String]
    /// What of the wheels is not there, a line for each.
    package var leftOut: [String]

    /// What the paths in byte code begin with, until the app's loader knows better.
    static let place = "/site"
    fileprivate static let list = "left-out.txt"
}
