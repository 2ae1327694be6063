// SPDX-License-Identifier: Apache-2.0

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
            headers = try site(of: [wheel]) + "/numpy/_core/include"
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
    /// - Throws: ``PythonError`` when it cannot be written.
    package func site(of wheels: [BuiltWheel]) throws(PythonError) -> String {
        let key = WheelToolchain.hash(wheels.map(\.path).sorted().joined(separator: "\n"))
        return try toolchain.site(key, wheels.map(\.path))
    }
}

extension WheelToolchain {
    fileprivate func site(_ key: String, _ wheels: [String]) throws(PythonError) -> String {
        let target = "\(cache)/sites/\(key)"
        guard !Files.exists(target) else { return target }
        try installing(target) { scratch throws(PythonError) in
            for wheel in wheels {
                let outcome = try helper(["install", wheel, scratch])
                guard outcome.code == 0 else { throw .cannotUnpack(wheel, outcome.text) }
            }
        }
        return target
    }
}
