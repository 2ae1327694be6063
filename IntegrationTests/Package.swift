// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import Foundation
import PackageDescription

// A package as a user of Dovetail writes one. `CASE` adds a target of `Cases` that must fail with a helpful error.
let package = Package(
    name: "client",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "dovetail", path: "..")],
    targets: [
        .executableTarget(
            name: "Client",
            dependencies: [.product(name: "Dovetail", package: "dovetail")],
            plugins: [.plugin(name: "DovetailBindings", package: "dovetail")]),
        .executableTarget(
            name: "Dropped",
            dependencies: [.product(name: "Dovetail", package: "dovetail")],
            plugins: [.plugin(name: "DovetailBindings", package: "dovetail")]),
    ]
)

if let name = ProcessInfo.processInfo.environment["CASE"], !name.isEmpty {
    package.targets.append(
        .executableTarget(
            name: name,
            dependencies: [.product(name: "Dovetail", package: "dovetail")],
            path: "Cases/\(name)",
            plugins: [.plugin(name: "DovetailBindings", package: "dovetail")]))
}
