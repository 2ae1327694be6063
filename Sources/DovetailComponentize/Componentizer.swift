// SPDX-License-Identifier: Apache-2.0

package import DovetailBinary

/// Turns core modules into a component, as `wasm-tools component new` does.
package enum Componentizer {
    /// A core module that implements imports of the main module by other imports: WASI preview 1 by WASI 0.2.
    package struct Adapter: Sendable {
        /// The module name of the imports that it implements.
        package var name: String
        /// Its bytes, with its world embedded.
        package var bytes: [UInt8]

        /// Makes an adapter.
        package init(name: String, bytes: [UInt8]) {
            self.name = name
            self.bytes = bytes
        }
    }

    /// What can be chosen.
    package struct Options: Sendable {
        /// Whether imports of interfaces in compatible versions become one import of the newest.
        package var mergesImportVersions = true
        /// Whether names of the form before `cm32p2` are refused.
        package var rejectsLegacyNames = false
        /// Whether adapters that need an allocator get one on top of `memory.grow` when the main module has none.
        package var reallocatesByMemoryGrow = false
        /// Whether indirect calls go through typed references in globals instead of a table.
        package var usesReturnCallReference = false
        /// What to say about the tool in the `producers` section.
        package var producers: ProducersSection?

        /// Makes the usual options.
        package init() {}
    }

    /// The component of `module`, which has its world embedded, and `adapters`.
    ///
    /// Adapters that nothing needs are left out, and so is what is not needed within them. The component is validated.
    ///
    /// - Throws: a ``ComponentizeError`` when a file is no core module, the modules and their worlds do not fit each other,
    ///   or the component breaks a rule.
    package static func component(
        of module: [UInt8], adapters: [Adapter] = [], options: Options = Options()
    ) throws(ComponentizeError) -> [UInt8] {
        let main: [UInt8]
        do throws(BinaryError) { main = try DuplicateImports.merged(in: module) } catch { throw .binary(error) }
        let world = try ModuleWorld(main: main, adapters: adapters, options: options)
        let plan = try ComponentizePlan(world: world, adapters: adapters, options: options)
        let assembler = ComponentAssembler(plan: plan)
        let bytes = try assembler.assemble()
        do throws(BinaryError) {
            _ = try ComponentValidator.validate(try ComponentDecoder.decode(bytes), bytes: bytes, features: .all)
        } catch {
            throw .invalidResult(error)
        }
        return bytes
    }

    /// Whether the component of `module`, which has its world embedded, needs its allocator, `cabi_realloc`.
    ///
    /// - Throws: a ``ComponentizeError`` when the module and its world do not fit each other.
    package static func needsAllocator(
        _ module: [UInt8], options: Options = Options()
    ) throws(ComponentizeError) -> Bool {
        let world = try ModuleWorld(main: module, adapters: [], options: options)
        return try ComponentizePlan(world: world, adapters: [], options: options).needsAllocator()
    }
}
