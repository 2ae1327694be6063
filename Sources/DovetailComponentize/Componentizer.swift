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

    /// A shared library, with its world embedded if it has one.
    package struct Library: Sendable {
        /// The name under which other libraries need it and programs open it.
        package var name: String
        /// Its bytes, with a `dylink.0` section.
        package var bytes: [UInt8]
        /// Whether the program may open it by `dlopen`.
        package var isOpenable: Bool
        /// Whether it is linked only where its symbols are used: linkers say of all libraries that they were told of that they are needed.
        package var isOptional: Bool
        /// Whether it leaves the addresses of the others as they are without it, where there is an ``Options/firstHeap``.
        package var isApart: Bool

        /// Makes a library.
        package init(
            name: String, bytes: [UInt8], isOpenable: Bool = false, isOptional: Bool = false, isApart: Bool = false
        ) {
            self.name = name
            self.bytes = bytes
            self.isOpenable = isOpenable
            self.isOptional = isOptional
            self.isApart = isApart
        }
    }

    /// What can be chosen.
    package struct Options: Sendable {
        /// Whether imports of interfaces in compatible versions become one import of the newest.
        package var mergesImportVersions = true
        /// Whether names of the form before `cm32p2` are refused.
        package var rejectsLegacyNames = false
        /// Whether names of interfaces say only which versions are compatible, with the rest of the version beside them.
        package var emitsCanonicalNames = false
        /// Whether adapters that need an allocator get one on top of `memory.grow` when the main module has none.
        package var reallocatesByMemoryGrow = false
        /// Whether indirect calls go through typed references in globals instead of a table.
        package var usesReturnCallReference = false
        /// The bytes of the stack that libraries share.
        package var stackSize: UInt32 = 1 << 20
        /// How many bytes of heap come before what is different in programs of the same libraries: those that are
        /// ``Library/isApart``, and what may be opened. What happens before these are used happens at the same addresses then.
        package var firstHeap: UInt32 = 0
        /// Whether functions that no library exports become functions that trap.
        package var stubsMissingFunctions = false
        /// Whether there is a library `libdl.so` for `dlopen` and its like.
        package var usesBuiltInLibdl = false
        /// The imported interfaces, by their names, whose functions trap instead of being imported.
        package var stubsImports: @Sendable (String) -> Bool = { _ in false }
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
        let world = try ModuleWorld(modules: [(nil, main)] + adapters.map { ($0.name, $0.bytes) }, options: options)
        return try component(
            ComponentizePlan(
                world: world, main: world.stripped[nil] ?? main, adapters: adapters, options: options))
    }

    /// The component of shared libraries that are linked with each other, as `wasm-tools component link` does; each may have
    /// its world embedded. (tool-conventions, "DynamicLinking.md"; Linking.md, "shared-everything dynamic linking")
    ///
    /// All libraries share one memory, table and stack. They are instantiated in the order of their dependencies; of several that
    /// export a symbol the first one counts. Libraries that nothing needs are left out: needed are those that export something
    /// of the world, those that may be opened, and what they depend on. Constructors are called in the order of `libraries`.
    /// The component is validated.
    ///
    /// - Throws: a ``ComponentizeError`` when a file is no shared library, a library or symbol is missing or has another type
    ///   than the one that imports it wants, the libraries and their worlds do not fit each other, or the component breaks a rule.
    package static func component(
        linking libraries: [Library], adapters: [Adapter] = [], options: Options = Options()
    ) throws(ComponentizeError) -> [UInt8] {
        let world = try ModuleWorld(
            modules: libraries.map { ($0.name, $0.bytes) } + adapters.map { ($0.name, $0.bytes) }, options: options)
        let adapterNames = Set(adapters.map(\.name))
        var shared: [SharedLibrary] = []
        for library in libraries {
            do throws(ComponentizeError) {
                shared.append(
                    try SharedLibrary(
                        name: library.name, bytes: world.stripped[library.name] ?? library.bytes,
                        isOpenable: library.isOpenable, isOptional: library.isOptional, isApart: library.isApart,
                        adapters: adapterNames))
            } catch {
                throw error.inside(library.name)
            }
        }
        if options.usesBuiltInLibdl, !libraries.contains(where: { $0.name == BuiltInLibdl.name }) {
            shared.append(try SharedLibrary(name: BuiltInLibdl.name, bytes: BuiltInLibdl.bytes))
        }
        let program = try LinkedProgram(
            shared, isRoot: { $0.isOpenable || $0.isProgram || world.exports[$0.name]?.isEmpty == false },
            options: options)
        return try component(
            ComponentizePlan(
                world: world, main: program.main.encoded(), adapters: adapters, program: program, options: options))
    }

    private static func component(_ plan: ComponentizePlan) throws(ComponentizeError) -> [UInt8] {
        if plan.options.emitsCanonicalNames { try CanonicalNames.check(plan.world) }
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
        let world = try ModuleWorld(modules: [(nil, module)], options: options)
        return try ComponentizePlan(world: world, main: world.stripped[nil] ?? module, adapters: [], options: options)
            .needsAllocator()
    }
}
