// SPDX-License-Identifier: Apache-2.0

package import DovetailArguments
import DovetailSystem
import DovetailWIT
import DovetailWITReader

/// `dovetail fmt FILES`
package struct FormatCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "fmt", abstract: "Format WIT files.",
        discussion: """
            Only indentation, spaces, line ends and trailing commas change; comments and meaning stay. In a folder all `.wit` \
            files are formatted except those in `deps`, which are other people's packages. `-` reads standard \
            input; it and other pipes are printed to standard output.
            """,
        examples: [
            .init("dovetail fmt wit", "All files of a folder, in place."),
            .init("dovetail fmt --check wit", "List what would change; exit with 1 if anything would."),
            .init("dovetail fmt - < world.wit", "From standard input to standard output."),
        ])

    @Flag(help: "Change nothing; list the files that would change and exit with 1 if there are any.")
    var check = false

    @Argument(help: "Files and folders.", completion: .file(extensions: ["wit"])) var files: [String]

    package init() {}

    package func run() throws {
        var changed = 0
        var failed = 0
        for path in try files.flatMap(Self.expand) {
            do {
                let file = try WasmFile(path)
                let bytes = file.bytes
                let text = try WITFormatter.format(SourceFile(name: file.name, bytes: bytes))
                if !check, !FileSystem.isReplaceable(path) {
                    try StandardOutput.write(text)
                } else if !text.utf8.elementsEqual(bytes) {
                    changed += 1
                    if check {
                        try StandardOutput.line(file.name)
                    } else {
                        try FileSystem.write(Array(text.utf8), to: path)
                    }
                }
            } catch let error as StandardOutput.Failure {
                throw error
            } catch {
                // The other files are still formatted.
                failed += 1
                StandardError.error(error)
            }
        }
        if failed > 0 || (check && changed > 0) { throw ExitCode.failure }
    }

    private static func expand(_ path: String) throws -> [String] {
        guard path != "-", Files.isDirectory(path) else { return [path] }
        var files: [String] = []
        for name in try FileSystem.names(in: path) where name != "deps" && !name.hasPrefix(".") {
            let inner = Files.join(path, name)
            if Files.isDirectory(inner) {
                files += try expand(inner)
            } else if name.hasSuffix(".wit") {
                files.append(inner)
            }
        }
        return files
    }
}
