// SPDX-License-Identifier: Apache-2.0

import DovetailTestSupport
import Foundation
import Testing

/// `dovetail compile`, and what takes its files.
@Suite(.enabled(if: Tool.path != nil, "the tool was not built beside the tests"))
struct CompileTests {
    private let names = TestFiles.fixture("names.wasm")

    @Test("a component runs from its compiled file") func aComponentRunsFromItsCompiledFile() async throws {
        try await Tool.withFolder { folder in
            let file = folder + "/odd näme.cwasm"
            #expect(try await Tool.run(["compile", names, "-o", file]).errors.isEmpty)
            let outcome = try await Tool.run(["run", "--invoke", "plain()", file])
            #expect(outcome.code == 0 && outcome.output == "2\n" && outcome.errors.isEmpty, "\(outcome)")
            for verb in [["inspect"], ["wit"], ["validate"], ["inspect", "--json"]] {
                let compiled = try await Tool.run(verb + [file])
                let original = try await Tool.run(verb + [names])
                #expect(compiled.code == 0 && compiled.output == original.output, "\(verb): \(compiled)")
            }
        }
    }

    @Test("programs for preview 1 are compiled") func programsForPreview1AreCompiled() async throws {
        try await Tool.withFolder { folder in
            let outcome = try await Tool.withFile(Guest.exit) { file in
                try await Tool.shell(
                    "\"$tool\" compile - < \"$1\" > \"$2/x.cwasm\" && \"$tool\" run \"$2/x.cwasm\"", [file, folder])
            }
            #expect(outcome.code == 7 && outcome.errors.isEmpty, "\(outcome)")
        }
    }

    @Test("the name is the input's when none is given") func theNameIsTheInputsWhenNoneIsGiven() async throws {
        try await Tool.withFolder { folder in
            let script = "cd \"$1\" && \"$tool\" compile \"$2\" && \"$tool\" run --invoke 'plain()' names.cwasm"
            let outcome = try await Tool.shell(script, [folder, TestFiles.fixture("names.wat")])
            #expect(outcome.code == 0 && outcome.output == "2\n", "\(outcome)")
        }
    }

    @Test("native code under another name has to be allowed") func nativeCodeUnderAnotherNameHasToBeAllowed()
        async throws
    {
        try await Tool.withFolder { folder in
            let file = folder + "/x.wasm"
            #expect(try await Tool.run(["compile", names, "--output", file]).code == 0)
            let refused = try await Tool.run(["run", "--invoke", "plain()", file])
            #expect(refused.code == 1 && refused.output.isEmpty)
            #expect(refused.errors.contains("holds native code") && refused.errors.contains("`--allow-precompiled`"))
            let piped = try await Tool.shell("\"$tool\" run --invoke 'plain()' - < \"$1\"", [file])
            #expect(piped.code == 1 && piped.errors.contains("`<stdin>` holds native code"))
            let allowed = try await Tool.run(["run", "--allow-precompiled", "--invoke", "plain()", file])
            #expect(allowed.code == 0 && allowed.output == "2\n", "\(allowed)")
        }
    }

    @Test("a damaged or strange file is refused") func aDamagedOrStrangeFileIsRefused() async throws {
        try await Tool.withFolder { folder in
            let file = folder + "/x.cwasm"
            #expect(try await Tool.run(["compile", names, "-o", file]).code == 0)
            let sound = try Data(contentsOf: URL(fileURLWithPath: file))
            var flipped = sound
            flipped[sound.count / 2] ^= 1
            var version = sound
            let place = try #require(version.firstRange(of: Data("50.0.1".utf8)))
            version.replaceSubrange(place, with: Data("50.0.2".utf8))
            for (bytes, reason) in [
                (flipped, "is damaged"), (sound.prefix(sound.count / 2), "is truncated"), (version, "is damaged"),
                (Data("junk".utf8), "is neither a component nor a core module"),
            ] {
                try bytes.write(to: URL(fileURLWithPath: file))
                let outcome = try await Tool.run(["run", "--invoke", "plain()", file])
                #expect(outcome.code == 1 && outcome.output.isEmpty && outcome.errors.contains(reason), "\(outcome)")
            }
        }
    }

    @Test(
        "what cannot be done is said",
        arguments: [
            (["compile", "/no/such/file"], "cannot read `/no/such/file`"),
            (["compile", "/dev/null"], "`/dev/null` is neither"),
            (
                ["compile", TestFiles.fixture("names.wasm"), "-o", "/no/such/folder/x"],
                "cannot write `/no/such/folder/x`"
            ),
        ])
    func whatCannotBeDoneIsSaid(arguments: [String], error: String) async throws {
        let outcome = try await Tool.run(arguments)
        #expect(outcome.code == 1 && outcome.errors.contains(error), "\(outcome)")
    }

    @Test("many processes share the cache") func manyProcessesShareTheCache() async throws {
        try await Tool.withFolder { folder in
            let script = """
                for n in 1 2 3 4 5 6 7 8; do
                  ("$tool" run --invoke 'plain()' "$2" > "$1/out$n" 2>&1; echo $? >> "$1/out$n") &
                done; wait; cat "$1"/out*
                """
            let environment = ["XDG_CACHE_HOME": folder + "/cache", "DOVETAIL_ENGINE": Self.engine]
            let outcome = try await Tool.shell(script, [folder, names], environment: environment)
            #expect(outcome.output == String(repeating: "2\n0\n", count: 8), "\(outcome)")
        }
    }

    @Test("a cache that others may write is not used and that is said once")
    func aCacheThatOthersMayWriteIsNotUsedAndThatIsSaidOnce() async throws {
        try await Tool.withFolder { folder in
            let environment = ["XDG_CACHE_HOME": folder, "DOVETAIL_ENGINE": Self.engine]
            let script = """
                mkdir -p "$1/dovetail/compiled"; chmod 777 "$1/dovetail/compiled"
                "$tool" run --invoke 'plain()' "$2"; ls "$1/dovetail/compiled"
                """
            let outcome = try await Tool.shell(script, [folder, names], environment: environment)
            #expect(outcome.output == "2\n", "\(outcome)")
            #expect(
                outcome.errors
                    == "warning: the compile cache `\(folder)/dovetail/compiled` is not used, because others may "
                    + "write it; run `chmod go-w` on it\n")
        }
    }

    /// The engine, wherever the cache is said to be.
    private static let engine: String = {
        if let chosen = ProcessInfo.processInfo.environment["DOVETAIL_ENGINE"] { return chosen }
        let cache = ProcessInfo.processInfo.environment["XDG_CACHE_HOME"] ?? NSHomeDirectory() + "/.cache"
        let files = FileManager.default.enumerator(atPath: cache + "/dovetail/engine")?.compactMap { $0 as? String }
        let file = (files ?? []).first { $0.hasSuffix("libwasmtime.so") || $0.hasSuffix("libwasmtime.dylib") }
        return file.map { "\(cache)/dovetail/engine/\($0)" } ?? ""
    }()
}
