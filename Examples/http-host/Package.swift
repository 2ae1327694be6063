// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let package = Package(
    name: "http-host",
    platforms: [.macOS(.v15)],
    // Outside of this repository: .package(url: "…", from: "…").
    dependencies: [.package(name: "dovetail", path: "../..")],
    targets: [
        .executableTarget(
            name: "http-host",
            dependencies: [
                .product(name: "Dovetail", package: "dovetail"), .product(name: "DovetailHTTP", package: "dovetail"),
            ],
            path: "Host", exclude: ["expected.txt"])
    ]
)
