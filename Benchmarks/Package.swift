// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let package = Package(
    name: "dovetail-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "dovetail", path: "..")],
    targets: [
        .target(name: "CBenchmarkSupport"),
        .target(name: "BenchmarkHarness", dependencies: ["CBenchmarkSupport"]),
        .executableTarget(
            name: "Benchmarks",
            dependencies: [
                "BenchmarkHarness", "CBenchmarkSupport", .product(name: "Dovetail", package: "dovetail"),
                .product(name: "DovetailWASI", package: "dovetail"),
            ],
            exclude: [
                "Components/small.wat", "Components/calls.wat", "Components/variants.wat", "Components/interfaces.wat",
                "Components/interfaces.wasm", "Components/wasi.wat", "Components/waiting.wat",
                "Components/Echoes.swift", "Components/benchmarks.wit", "Components/build.sh",
            ],
            resources: [
                .embedInCode("Components/small.wasm"), .embedInCode("Components/calls.wasm"),
                .embedInCode("Components/variants.wasm"), .embedInCode("Components/wasi.wasm"),
                .embedInCode("Components/waiting.wasm"), .embedInCode("Components/echoes.wasm"),
            ]),
    ]
)

for target in package.targets {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ]
}
