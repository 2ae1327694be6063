// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailComponentize
import DovetailHTTP
import DovetailSystem
import DovetailTypes
import DovetailWIT
import DovetailWITReader

/// Feeds bytes to the readers of untrusted input, which have to return a value or an error, whatever the bytes.
///
/// Built by `Scripts/fuzz`, the bytes come from libFuzzer. Built as usual, they come from the files named on the command line:
/// so an input that libFuzzer has found is tried again, or looked at in a debugger.
@main
enum Main {
    static func main() {
        #if FUZZING
            var count = CommandLine.argc
            var arguments = CommandLine.unsafeArgv
            ThisProcess.exit(
                runFuzzer(&count, &arguments) { bytes, count in
                    Main.read(UnsafeRawBufferPointer(start: bytes, count: count))
                    return 0
                })
        #else
            for path in CommandLine.arguments.dropFirst() {
                guard let bytes = try? Files.read(path) else {
                    print("\(path): cannot be read")
                    continue
                }
                bytes.withUnsafeBytes { read($0) }
                print("\(path): read")
            }
        #endif
    }

    /// What the bytes are; without a word about it, a component or a core module.
    private static let kind = ThisProcess.variable("DOVETAIL_FUZZ")

    /// One input.
    private static func read(_ bytes: UnsafeRawBufferPointer) {
        switch kind {
        case "merge": merge(bytes)
        case "wit": text(SourceFile(name: "input.wit", bytes: Array(bytes)))
        case "request": HTTPMessages.check(.request, Array(bytes))
        case "response": HTTPMessages.check(.response, Array(bytes))
        default:
            if ComponentDecoder.kind(of: bytes) == .coreModule { coreModule(Array(bytes)) } else { component(bytes) }
        }
    }

    /// What is read as a core module is written, and read again as the same.
    private static func coreModule(_ bytes: [UInt8]) {
        guard let module = try? CoreModuleBinary.decode(bytes) else { return }
        for function in module.functions {
            try? CoreCode.indices(inBody: function.body) { _ throws(BinaryError) in }
        }
        let encoded = module.encoded()
        precondition(
            (try? CoreModuleBinary.decode(encoded))?.encoded() == encoded, "what was written is refused or differs")
    }

    /// What is decoded is validated; what WIT can be read out of it is printed and read again.
    private static func component(_ bytes: UnsafeRawBufferPointer) {
        guard let binary = try? ComponentDecoder.decode(bytes) else { return }
        let isValid = (try? ComponentValidator.validate(binary, bytes: bytes, features: .all)) != nil
        guard let decoded = try? WITDecoder.decode(binary, bytes: bytes), isValid else { return }
        check(decoded.graph)
        _ = WITPrinter.text(of: decoded.package, nested: decoded.otherPackages, in: decoded.graph)
    }

    /// A valid component is valid when its core instances are joined.
    private static func merge(_ bytes: UnsafeRawBufferPointer) {
        guard let component = try? ComponentDecoder.decode(bytes),
            (try? ComponentValidator.validate(component, bytes: bytes, features: .all)) != nil,
            let merged = try? InstanceMerger(component, Array(bytes))?.merged()
        else { return }
        do throws(BinaryError) {
            _ = try ComponentValidator.validate(try ComponentDecoder.decode(merged), bytes: merged, features: .all)
        } catch {
            preconditionFailure("what was joined is not valid: \(error)")
        }
    }

    /// Any text can be analyzed and asked for definitions. One that is right has one layout, means the same in it, and the
    /// same again when it is printed.
    private static func text(_ file: SourceFile) {
        let analysis = WIT.analyze(WITSource(root: [file]), features: .all)
        for offset in stride(from: 0, to: file.bytes.count, by: max(7, file.bytes.count / 64)) {
            _ = analysis.references(at: offset, in: 0)
        }
        for diagnostic in analysis.diagnostics { _ = diagnostic.rendered(in: analysis.sources) }
        guard let resolution = analysis.resolution else { return }
        let meaning = WITJSON.tree(of: resolution.graph)
        do {
            let once = try WITFormatter.format(file)
            let again = try WITFormatter.format(SourceFile(name: "input.wit", text: once))
            precondition(once == again, "the layout is not stable")
            let formatted = try WIT.resolve(WITSource(text: once), features: .all)
            precondition(WITJSON.tree(of: formatted.graph) == meaning, "the layout changes the meaning")
            let others = resolution.graph.packages.indices.map { PackageID($0) }.filter { $0 != resolution.root }
            let printed = WITPrinter.text(of: resolution.root, nested: others, in: resolution.graph)
            let read = try WIT.resolve(WITSource(text: printed), features: .all)
            let rest = read.graph.packages.indices.map { PackageID($0) }.filter { $0 != read.root }
            precondition(
                Set(read.graph.packages.map(\.name)) == Set(resolution.graph.packages.map(\.name)),
                "the printed text has other packages")
            _ = WITPrinter.text(of: read.root, nested: rest, in: read.graph)
        } catch {
            preconditionFailure("what was right is refused: \(error)")
        }
        encode(resolution)
        check(resolution.graph)
    }

    /// What is written is valid and comes back as it was; what cannot be written is an error about an item.
    private static func encode(_ resolution: WIT.Resolution) {
        let bytes: [UInt8]
        do throws(BinaryError) {
            bytes = try WITEncoder.encode(package: resolution.root, in: resolution.graph)
        } catch {
            return precondition(error.item != nil, "the error has no item: \(error)")
        }
        let root = resolution.graph[resolution.root]
        // The bytes of an empty package are those of an empty component.
        guard !root.interfaces.isEmpty || !root.worlds.isEmpty else { return }
        do throws(BinaryError) {
            let decoded = try WITDecoder.decode(bytes)
            precondition(
                WITPrinter.text(of: decoded.package, in: decoded.graph)
                    == WITPrinter.text(of: resolution.root, in: resolution.graph),
                "the package comes back otherwise from bytes")
        } catch {
            preconditionFailure("what was written is refused: \(error)")
        }
    }

    /// Checks that every world of a graph fits itself.
    private static func check(_ graph: PackageGraph) {
        for index in graph.worlds.indices.prefix(8) {
            let world = WorldID(index)
            let differences = WorldMatcher.differences(of: world, in: graph, toTarget: world, in: graph)
            precondition(differences.isEmpty, "a world does not fit itself: \(differences)")
            var turned = graph
            try? turned.importize(world)
            turned = graph
            _ = try? turned.mergeImportVersions(of: world)
        }
        var merged = graph
        do { try merged.merge(graph) } catch { preconditionFailure("a graph contradicts itself: \(error)") }
        precondition(merged.packages.count == graph.packages.count, "merging a graph with itself adds packages")
    }
}

#if FUZZING
    /// libFuzzer's loop. It links when the compiler is told `-sanitize=fuzzer`.
    @_silgen_name("LLVMFuzzerRunDriver")
    private func runFuzzer(
        _ count: UnsafeMutablePointer<Int32>,
        _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
        _ input: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
    ) -> Int32
#endif
