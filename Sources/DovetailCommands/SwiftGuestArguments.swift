// SPDX-License-Identifier: Apache-2.0

import DovetailArguments
import DovetailToolchain

/// How a component in Swift is compiled.
struct SwiftGuestArguments: ParsableArguments {
    @Flag(help: "Compile files or folders with Swift code, or a package, for the world.") var swift = false

    @Flag(help: "With `--swift`: make small code; the default.") var size = false

    @Flag(help: "With `--swift`: make fast code.") var speed = false

    @Flag(help: "With `--swift`: optimize once more at link time; smaller, but takes longer to build.") var lto = false

    @Flag(help: "With `--swift`: keep the texts of traps, which are written to standard error; large.")
    var trapTexts = false

    @Flag(help: "With `--swift`: leave out Unicode's tables; strings are equal when their bytes are.")
    var noUnicode = false

    @Flag(help: "With `--swift`: keep names of functions and other custom sections.") var keepNames = false

    @Option(help: ArgumentHelp("With `--swift`: keep the bindings in this file.", valueName: "file"))
    var bindings: String?

    @Option(help: ArgumentHelp("With `--swift` and a package: the product to take.", valueName: "name"))
    var product: String?

    @Option(
        help: ArgumentHelp(
            "With `--swift` or `--python`: stop a compiler, or an import of the app, that runs longer.",
            valueName: "seconds"))
    var timeLimit: UInt32 = 300

    @Option(help: ArgumentHelp("With `--swift`: the folder of the Swift toolchain.", valueName: "folder"))
    var toolchain: String?

    @Option(
        help: ArgumentHelp(
            "With `--swift`: link with the C library for WASI preview 1 in this folder, in which `libc.a` lies.",
            valueName: "folder"))
    var wasiLibc: String?

    init() {}

    /// - Throws: `ValidationError` for options that need `--swift`, or contradict each other.
    func check() throws {
        if size, speed { throw ValidationError("expected either `--size` or `--speed`, found both") }
        let given = [
            ("--size", size), ("--speed", speed), ("--lto", lto), ("--trap-texts", trapTexts),
            ("--no-unicode", noUnicode), ("--keep-names", keepNames), ("--bindings", bindings != nil),
            ("--product", product != nil), ("--toolchain", toolchain != nil), ("--wasi-libc", wasiLibc != nil),
        ]
        if !swift, let (name, _) = given.first(where: { $0.1 }) { throw ValidationError("`\(name)` needs `--swift`") }
        if timeLimit == 0 { throw ValidationError("expected a `--time-limit` of at least 1 s, found 0") }
    }

    /// The toolchain that is meant.
    func findToolchain() throws -> SwiftToolchain {
        if let toolchain { return try SwiftToolchain(at: toolchain) }
        return try SwiftToolchain.find()
    }

    /// What to compile with.
    var options: GuestBuildOptions {
        var options = GuestBuildOptions()
        options.optimization = speed ? .speed : .size
        options.optimizesAtLink = lto
        options.keepsTrapTexts = trapTexts
        options.hasUnicode = !noUnicode
        options.keepsNames = keepNames
        options.showsColors = Terminal.isInteractive(2)
        options.timeLimit = timeLimit
        options.wasiLibc = wasiLibc
        return options
    }
}
