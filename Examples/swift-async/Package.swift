// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let package = Package(
    name: "swift-async",
    platforms: [.macOS(.v15)],
    // Outside of this repository: .package(url: "…", from: "…").
    dependencies: [.package(name: "dovetail", path: "../..")],
    targets: [
        .executableTarget(
            name: "swift-async",
            dependencies: [
                .product(name: "Dovetail", package: "dovetail")
            ],
            path: "Host", exclude: ["dovetail.json", "expected.txt"],
            plugins: [.plugin(name: "DovetailBindings", package: "dovetail")])
    ]
)
