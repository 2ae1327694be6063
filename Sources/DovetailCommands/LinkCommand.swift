// SPDX-License-Identifier: Apache-2.0

package import DovetailArguments
import DovetailBinary
import DovetailComponentize
import DovetailSystem
import DovetailTypes

/// `dovetail link LIBRARY…`
package struct LinkCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "link", abstract: "Link shared libraries into a component.",
        discussion: """
            Each LIBRARY is a core module with a `dylink.0` section, as produced by `clang -shared`, with its world \
            embedded if it imports or exports something of the component. The libraries share one memory, table and \
            stack. They find each other by NAME, by default the file's name; if several export a symbol, the first \
            one is used. Constructors are called in the order of the command line. Libraries that are not needed are \
            left out. The component is validated.

            Libraries given by `--dl-openable` can be opened with `dlopen`, under exactly that name.
            """,
        examples: [
            .init("dovetail link app.wasm libc.so -o app.component.wasm", "An application and its C library."),
            .init(
                "dovetail link --use-built-in-libdl --dl-openable /plugins/a.so=a.so app.wasm libc.so -o app.component.wasm",
                "An application that opens `/plugins/a.so`."),
        ])

    @Option(
        help: ArgumentHelp("A library that may be opened by `dlopen`; may be repeated.", valueName: "[name=]file"),
        completion: .file())
    var dlOpenable: [String] = []

    @Flag(
        name: .customLong("use-built-in-libdl"),
        help: "Add a library `libdl.so` with `dlopen`, `dlsym`, `dlclose` and `dlerror`.")
    var usesBuiltInLibdl = false

    @Flag(help: "Put functions that trap in place of those that no library exports.") var stubMissingFunctions = false

    @Option(help: ArgumentHelp("The size of the stack.", valueName: "bytes")) var stackSize: UInt32 = 1 << 20

    @Option(
        name: [.customShort("d"), .customLong("wit")],
        help: ArgumentHelp(
            "Where the world of the first library is found, a file or folder; it is embedded.", valueName: "path"),
        completion: .file(extensions: ["wit", "wasm"]))
    var wit: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The world; may be left out when the package has only one.", valueName: "world"))
    var world: String?

    @OptionGroup var component: ComponentOptions

    @OptionGroup var options: WITOptions

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("Where the component goes; `-` is standard output.", valueName: "file"),
        completion: .file(extensions: ["wasm"]))
    var output: String?

    @Argument(
        help: ArgumentHelp("The libraries; `-` is standard input.", valueName: "[name=]library"), completion: .file())
    var libraries: [String] = []

    package init() {}

    package func validate() throws {
        if world != nil, wit == nil { throw ValidationError("`--world` needs `--wit`") }
        if libraries.isEmpty { throw ValidationError("expected a library to link, found none") }
        guard stackSize <= 1 << 30 else {
            throw ValidationError("expected at most \(1 << 30) bytes for `--stack-size`, found \(stackSize)")
        }
    }

    package func run() throws {
        var linked = try libraries.map { try Self.library($0, isOpenable: false) }
        if let wit {
            let input = try WITInput(wit, options: options)
            linked[0].bytes = try ComponentTypeSection.embed(
                try input.world(named: world), of: input.graph, in: linked[0].bytes)
        }
        linked += try dlOpenable.map { try Self.library($0, isOpenable: true) }
        var choices = component.choices
        choices.stackSize = stackSize
        choices.stubsMissingFunctions = stubMissingFunctions
        choices.usesBuiltInLibdl = usesBuiltInLibdl
        try BinaryOutput.write(
            try Componentizer.component(
                linking: linked, adapters: try component.adapters(for: linked.map(\.bytes)), options: choices),
            to: output)
    }

    /// A library by name and file; without a name the file's is taken.
    private static func library(_ argument: String, isOpenable: Bool) throws -> Componentizer.Library {
        var name = String(argument.split(separator: "/").last ?? "")
        var path = argument
        if let equals = argument.firstIndex(of: "=") {
            name = String(argument[..<equals])
            path = String(argument[argument.index(after: equals)...])
        }
        return Componentizer.Library(name: name, bytes: try WasmFile.read(path), isOpenable: isOpenable)
    }
}
