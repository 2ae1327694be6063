// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let package = Package(
    name: "dovetail",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Dovetail", targets: ["Dovetail", "DovetailABI"]),
        .library(name: "DovetailWASI", targets: ["DovetailWASI"]),
        .library(name: "DovetailHTTP", targets: ["DovetailHTTP"]),
        .library(name: "DovetailPython", targets: ["DovetailPython"]),
        .executable(name: "dovetail", targets: ["DovetailCLI"]),
        .executable(name: "dovetail-bindgen", targets: ["dovetail-bindgen"]),
        .plugin(name: "DovetailBindings", targets: ["DovetailBindings"]),
        .plugin(name: "DovetailGenerate", targets: ["DovetailGenerate"]),
        .executable(name: "dovetail-conformance", targets: ["DovetailConformance"]),
    ],
    targets: [
        // Pure layers: no engine, no operating system.
        .target(name: "DovetailTypes"),
        .target(name: "DovetailJSON", dependencies: ["CDovetailJSON"]),
        .target(name: "DovetailWITReader", dependencies: ["DovetailFiles", "DovetailTypes"]),
        .target(
            name: "DovetailWIT", dependencies: ["DovetailABI", "DovetailJSON", "DovetailTypes", "DovetailWITReader"]),
        .target(name: "DovetailBinaryReader", dependencies: ["DovetailTypes"]),
        .target(name: "DovetailValidation", dependencies: ["DovetailBinaryReader", "DovetailTypes"]),
        .target(
            name: "DovetailWITBinary",
            dependencies: ["DovetailBinaryReader", "DovetailJSON", "DovetailTypes", "DovetailWITReader"]),
        .target(
            name: "DovetailBinary",
            dependencies: [
                "DovetailBinaryReader", "DovetailJSON", "DovetailTypes", "DovetailValidation", "DovetailWITBinary",
                "DovetailWITReader",
            ]),
        .target(name: "DovetailABI", dependencies: ["DovetailTypes"]),

        // The operating system: the only rooms that import it.
        .target(name: "CDovetailSystem"),
        .target(name: "DovetailFiles", dependencies: ["CDovetailSystem"]),
        .target(name: "DovetailSystem", dependencies: ["CDovetailSystem", "DovetailFiles"]),

        // C libraries, one fence each.
        .target(name: "CDovetailWasmtime", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
        .systemLibrary(
            name: "CDovetailCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
        .systemLibrary(
            name: "CDovetailJSON", pkgConfig: "jansson", providers: [.apt(["libjansson-dev"]), .brew(["jansson"])]),
        .systemLibrary(
            name: "CDovetailTLS", pkgConfig: "libssl", providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
        .systemLibrary(
            name: "CDovetailNGHTTP2", pkgConfig: "libnghttp2",
            providers: [.apt(["libnghttp2-dev"]), .brew(["libnghttp2"])]),
        .systemLibrary(
            name: "CDovetailZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),

        // Embedding.
        .target(
            name: "Dovetail",
            dependencies: [
                "DovetailTypes", "DovetailBinaryReader", "DovetailValidation", "DovetailABI", "DovetailFiles",
                "CDovetailWasmtime", "CDovetailCrypto",
            ]),
        .target(name: "DovetailCoreRunner", dependencies: ["Dovetail", "DovetailTypes", "CDovetailWasmtime"]),
        .target(
            name: "DovetailWASI", dependencies: ["Dovetail", "DovetailABI", "DovetailTypes", "DovetailSystem"],
            exclude: ["wit"]),
        .target(
            name: "DovetailHTTP",
            dependencies: [
                "Dovetail", "DovetailABI", "DovetailSystem", "DovetailTypes", "DovetailWASI", "CDovetailNGHTTP2",
                "CDovetailTLS",
            ],
            exclude: ["wit"]),

        // Bindings out of WIT.
        .target(
            name: "DovetailBindgen",
            dependencies: [
                "DovetailBinaryReader", "DovetailFiles", "DovetailTypes", "DovetailWITBinary", "DovetailWITReader",
            ]),
        .target(name: "DovetailGuestBindgen", dependencies: ["DovetailBindgen", "DovetailTypes", "DovetailWITReader"]),
        .executableTarget(name: "dovetail-bindgen", dependencies: ["DovetailBindgen", "DovetailFiles"]),
        .plugin(name: "DovetailBindings", capability: .buildTool(), dependencies: ["dovetail-bindgen"]),
        .plugin(
            name: "DovetailGenerate",
            capability: .command(
                intent: .custom(
                    verb: "dovetail-bindgen", description: "Write Swift bindings of WIT into the source tree"),
                permissions: [.writeToPackageDirectory(reason: "writes the bindings it generates")]),
            dependencies: ["dovetail-bindgen"]),

        // Core modules and WIT into components.
        .target(name: "CDovetailAdapters"),
        .target(
            name: "DovetailComponentize",
            dependencies: [
                "CDovetailAdapters", "DovetailABI", "DovetailBinary", "DovetailTypes", "DovetailWIT",
                "DovetailWITReader",
            ]),

        // Components in Python.
        .target(name: "CDovetailPython"),
        .target(
            name: "DovetailPythonBindgen",
            dependencies: ["DovetailBinary", "DovetailBindgen", "DovetailTypes", "DovetailWITReader"]),
        .target(
            name: "DovetailPython",
            dependencies: [
                "CDovetailPython", "CDovetailZstd", "Dovetail", "DovetailABI", "DovetailBinary", "DovetailBindgen",
                "DovetailComponentize", "DovetailJSON", "DovetailPythonBindgen", "DovetailSnapshot", "DovetailSystem",
                "DovetailTypes", "DovetailWASI", "DovetailWIT", "DovetailWITReader",
            ]),

        // Components in Swift: the toolchain that compiles them, and the runtime's sources inside the executable.
        .target(name: "CDovetailGuest"),
        .target(
            name: "DovetailToolchain", dependencies: ["CDovetailGuest", "Dovetail", "DovetailJSON", "DovetailSystem"]),

        // Components and core modules as text.
        .target(name: "DovetailText", dependencies: ["DovetailBinary", "DovetailTypes"]),

        // Initialised components.
        .target(
            name: "DovetailSnapshot",
            dependencies: [
                "Dovetail", "DovetailABI", "DovetailBinary", "DovetailComponentize", "DovetailTypes", "DovetailWASI",
            ]),

        // The tools.
        .target(name: "DovetailArguments", dependencies: ["DovetailFiles", "DovetailTypes"]),
        .target(
            name: "DovetailCommands",
            dependencies: [
                "Dovetail", "DovetailABI", "DovetailArguments", "DovetailBindgen", "DovetailBinary",
                "DovetailComponentize", "DovetailCoreRunner", "DovetailGuestBindgen", "DovetailHTTP", "DovetailJSON",
                "DovetailPython", "DovetailPythonBindgen", "DovetailSnapshot", "DovetailSystem", "DovetailText",
                "DovetailToolchain", "DovetailTypes", "DovetailWASI", "DovetailWIT", "DovetailWITReader",
            ]),
        .executableTarget(
            name: "DovetailCLI", dependencies: ["DovetailArguments", "DovetailCommands", "DovetailSystem"]),
        .executableTarget(
            name: "DovetailConformance",
            dependencies: [
                "Dovetail", "DovetailABI", "DovetailArguments", "DovetailBinary", "DovetailComponentize",
                "DovetailCoreRunner", "DovetailTestSupport", "DovetailText", "DovetailTypes", "DovetailWASI",
                "DovetailWIT", "DovetailWITReader",
            ],
            path: "Tests/Conformance", exclude: ["expected.txt"]),
        .executableTarget(
            name: "DovetailFuzz",
            dependencies: [
                "DovetailBinary", "DovetailComponentize", "DovetailHTTP", "DovetailSystem", "DovetailTestSupport",
                "DovetailTypes", "DovetailWIT", "DovetailWITReader",
            ],
            path: "Tests/Fuzz"),
        .executableTarget(
            name: "DovetailStress",
            dependencies: [
                "Dovetail", "DovetailArguments", "DovetailBinary", "DovetailHTTP", "DovetailSystem",
                "DovetailTestSupport", "DovetailTypes", "DovetailWASI", "DovetailWIT", "DovetailWITReader",
            ],
            path: "Tests/Stress"),

        // Tests.
        .target(
            name: "DovetailTestSupport",
            dependencies: [
                "Dovetail", "DovetailABI", "DovetailHTTP", "DovetailJSON", "DovetailToolchain", "DovetailTypes",
                "DovetailWIT", "DovetailWITReader",
            ],
            path: "Tests/TestSupport"),
        .testTarget(name: "DovetailTypesTests", dependencies: ["DovetailTypes"]),
        .testTarget(name: "DovetailJSONTests", dependencies: ["DovetailJSON"]),
        .testTarget(name: "DovetailSystemTests", dependencies: ["DovetailSystem", "DovetailTestSupport"]),
        .testTarget(
            name: "DovetailWITTests",
            dependencies: ["DovetailWIT", "DovetailTypes", "DovetailABI", "DovetailTestSupport", "DovetailWITReader"]),
        .testTarget(
            name: "DovetailBinaryTests",
            dependencies: [
                "DovetailBinary", "DovetailTypes", "DovetailWIT", "DovetailTestSupport", "DovetailWITReader",
            ]),
        .testTarget(
            name: "DovetailTextTests",
            dependencies: ["DovetailText", "Dovetail", "DovetailBinary", "DovetailTestSupport"]),
        .testTarget(name: "DovetailABITests", dependencies: ["DovetailABI", "DovetailTypes", "DovetailTestSupport"]),
        .testTarget(name: "CDovetailWasmtimeTests", dependencies: ["CDovetailWasmtime", "DovetailTestSupport"]),
        .testTarget(
            name: "DovetailTests",
            dependencies: [
                "Dovetail", "DovetailABI", "DovetailBinary", "DovetailFiles", "DovetailSystem", "DovetailTypes",
                "DovetailTestSupport",
                "CDovetailWasmtime",
            ]),
        .testTarget(
            name: "DovetailWASITests",
            dependencies: ["DovetailWASI", "Dovetail", "DovetailABI", "DovetailSystem", "DovetailTestSupport"]),
        .testTarget(
            name: "DovetailHTTPTests",
            dependencies: [
                "DovetailHTTP", "Dovetail", "DovetailBinary", "DovetailBindgen", "DovetailComponentize",
                "DovetailGuestBindgen", "DovetailPython", "DovetailSystem",
                "DovetailTestSupport", "DovetailTypes", "DovetailWASI", "DovetailWIT",
            ],
            exclude: ["Guests"]),
        .testTarget(
            name: "DovetailComponentizeTests",
            dependencies: [
                "DovetailComponentize", "Dovetail", "DovetailABI", "DovetailBinary", "DovetailTypes", "DovetailWASI",
                "DovetailWIT", "DovetailWITReader", "DovetailTestSupport",
            ],
            exclude: ["Preview1"]),
        .testTarget(
            name: "DovetailPythonTests",
            dependencies: [
                "DovetailPython", "CDovetailZstd", "Dovetail", "DovetailABI", "DovetailBinary", "DovetailBindgen",
                "DovetailHTTP", "DovetailJSON", "DovetailSystem", "DovetailTestSupport", "DovetailTypes",
                "DovetailWASI", "DovetailWIT",
                "DovetailWITReader",
            ]),
        .testTarget(
            name: "DovetailToolchainTests",
            dependencies: ["DovetailToolchain", "DovetailSystem", "DovetailTestSupport"]),
        .testTarget(
            name: "DovetailSnapshotTests",
            dependencies: [
                "DovetailSnapshot", "Dovetail", "DovetailABI", "DovetailBinary", "DovetailComponentize",
                "DovetailPython", "DovetailTypes", "DovetailWASI", "DovetailWIT", "DovetailTestSupport",
            ]),
        .testTarget(name: "DovetailArgumentsTests", dependencies: ["DovetailArguments"]),
        .testTarget(
            name: "DovetailBindgenTests",
            dependencies: [
                "DovetailBindgen", "Dovetail", "DovetailABI", "DovetailBinary", "DovetailComponentize",
                "DovetailGuestBindgen", "DovetailPython", "DovetailPythonBindgen",
                "DovetailWASI",
                "DovetailTypes", "DovetailWIT", "DovetailTestSupport", "DovetailWITReader",
            ],
            exclude: ["Corpus", "Guests"]),
        .testTarget(
            name: "DovetailCommandsTests",
            dependencies: ["DovetailCommands", "Dovetail", "DovetailPython", "DovetailTestSupport", "DovetailWASI"]),
    ]
)

for target in package.targets where target.type != .system && target.type != .plugin {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ]
}
