// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime

extension Engine {
    /// How an engine compiles and runs core modules.
    public struct Configuration: Sendable {
        /// How much work the compiler puts into speed.
        public enum Optimization: Sendable {
            case none, speed, speedAndSize
        }

        /// What compiles core modules.
        public enum Compiler: Sendable, Equatable {
            /// The optimizing compiler.
            case cranelift
            /// The baseline compiler: several times as quick, for code that runs once. It cannot compile all of WebAssembly.
            case winch
        }

        /// Where instances get their memory from.
        public enum Allocation: Sendable, Equatable {
            /// Each instance maps memory of its own.
            case onDemand
            /// Instances of components take prepared slots: fastest for many short-lived ones, with an upper limit on all of them. One
            /// may consist of 128 core instances, as one with pandas does of 70, with two memories and eight tables.
            case pooling(maximumInstances: Int = 1000, maximumMemory: Int = 4 << 30)
            /// Instances take the memories of earlier ones, filled with zeroes, and fibers their stacks: fastest for many short-lived
            /// components with little data, which is copied for each instance, and without a limit on how many there are. So many
            /// memories and stacks are kept that no instance uses.
            case recycling(maximumIdle: Int = 1000)
        }

        /// Where compiled core modules are kept for the next start.
        public enum Cache: Sendable, Equatable {
            /// In the user's cache folder.
            case automatic
            /// In a folder of your choice.
            case folder(String)
            case off
        }

        /// What compiles core modules.
        public var compiler = Compiler.cranelift
        /// How much work the compiler puts into speed.
        public var optimization = Optimization.speed
        /// Where instances get their memory from.
        public var allocation = Allocation.onDemand
        /// Where compiled core modules are kept.
        public var cache = Cache.automatic
        /// How many bytes the cache may hold before its oldest files go.
        public var cacheLimit = 4 << 30
        /// Whether running code can be interrupted (timeouts). It costs little, but for tight loops: those that compute over arrays of
        /// numbers take up to twice as long.
        public var interruptible = true
        /// The bytes of stack that one call of core code may use.
        public var maximumWasmStack = 512 << 10
        /// The bytes of stack of a fiber, for calls that may wait.
        public var fiberStack = 2 << 20

        /// The defaults.
        public init() {}
    }
}

extension Engine.Configuration.Allocation {
    /// What names its kind among what a compiled artefact depends on.
    fileprivate var artefactKey: String {
        switch self {
        case .onDemand: "p0"
        case .pooling: "p1"
        case .recycling: "p2"
        }
    }

    /// The kind that a configuration's ``Engine/Configuration/artefactKey`` names.
    init?(artefactKey: String) {
        let parts = artefactKey.split(separator: "-")
        let known = [.onDemand, .pooling(), .recycling()] as [Self]
        guard let found = known.first(where: { parts.contains($0.artefactKey[...]) }) else { return nil }
        self = found
    }
}

extension Engine.Configuration {
    /// What a compiled artefact depends on, besides the engine's version.
    var artefactKey: String {
        "\(compiler == .winch ? "w" : "")o\(optimization)-\(allocation.artefactKey)-e\(interruptible ? 1 : 0)"
    }

    /// What stays in memory of each linear memory of a pool, from its beginning on, when its instance goes.
    static let residentBytes = 64 << 10

    /// Whether the code of an engine can be interrupted whose ``artefactKey`` this is.
    static func isInterruptible(artefactKey: String) -> Bool { artefactKey.split(separator: "-").contains("e1") }

    /// The engine's own configuration object; the engine takes it over.
    func make(_ api: EngineLibrary.Table) -> OpaquePointer {
        let config = api.functions.pointee.wasm_config_new()
        let level: wasmtime_opt_level_t =
            switch optimization {
            case .none: WASMTIME_OPT_LEVEL_NONE
            case .speed: WASMTIME_OPT_LEVEL_SPEED
            case .speedAndSize: WASMTIME_OPT_LEVEL_SPEED_AND_SIZE
            }
        if compiler == .winch { api.functions.pointee.wasmtime_config_strategy_set(config, WASMTIME_STRATEGY_WINCH) }
        api.functions.pointee.wasmtime_config_cranelift_opt_level_set(config, level)
        api.functions.pointee.wasmtime_config_epoch_interruption_set(config, interruptible)
        api.functions.pointee.wasmtime_config_max_wasm_stack_set(config, maximumWasmStack)
        api.functions.pointee.wasmtime_config_async_stack_size_set(config, fiberStack)
        api.functions.pointee.wasmtime_config_parallel_compilation_set(config, true)
        // The whole of WebAssembly 3.0, which is what the specification of components builds on.
        // The baseline compiler refuses engines with what it lacks.
        let isWhole = compiler != .winch
        api.functions.pointee.wasmtime_config_wasm_tail_call_set(config, isWhole)
        api.functions.pointee.wasmtime_config_wasm_function_references_set(config, isWhole)
        api.functions.pointee.wasmtime_config_wasm_gc_set(config, isWhole)
        api.functions.pointee.wasmtime_config_wasm_exceptions_set(config, isWhole)
        api.functions.pointee.wasmtime_config_wasm_multi_memory_set(config, true)
        api.functions.pointee.wasmtime_config_wasm_memory64_set(config, true)
        api.functions.pointee.wasmtime_config_wasm_wide_arithmetic_set(config, true)
        var isRecycling = false
        if case .recycling(let maximumIdle) = allocation {
            isRecycling = true
            MemoryPool(api, maximumIdle: max(0, maximumIdle)).attach(to: config)
            StackPool(api, maximumIdle: max(0, maximumIdle)).attach(to: config)
        }
        // The engine maps data into memories of its own only.
        api.functions.pointee.wasmtime_config_memory_init_cow_set(config, !isRecycling)
        if case .pooling(let instances, let memory) = allocation {
            let pool = api.functions.pointee.wasmtime_pooling_allocation_config_new()
            func count(_ each: Int) -> UInt32 {
                UInt32(clamping: instances.multipliedReportingOverflow(by: each).partialValue)
            }
            api.functions.pointee.wasmtime_pooling_allocation_config_total_core_instances_set(pool, count(128))
            // Each has 4 GiB of addresses and more, of which there are 128 TiB.
            api.functions.pointee.wasmtime_pooling_allocation_config_total_memories_set(
                pool, min(count(2), max(8000, count(1))))
            api.functions.pointee.wasmtime_pooling_allocation_config_total_tables_set(pool, count(8))
            api.functions.pointee.wasmtime_pooling_allocation_config_total_stacks_set(pool, count(1))
            api.functions.pointee.wasmtime_pooling_allocation_config_max_tables_per_module_set(pool, 8)
            api.functions.pointee.wasmtime_pooling_allocation_config_max_memories_per_module_set(pool, 4)
            api.functions.pointee.wasmtime_pooling_allocation_config_table_elements_set(pool, 64 << 10)
            api.functions.pointee.wasmtime_pooling_allocation_config_max_core_instance_size_set(pool, 4 << 20)
            api.functions.pointee.wasmtime_pooling_allocation_config_max_memory_size_set(pool, memory)
            api.functions.pointee.wasmtime_pooling_allocation_config_linear_memory_keep_resident_set(
                pool, Self.residentBytes)
            api.functions.pointee.wasmtime_pooling_allocation_config_table_keep_resident_set(pool, 512 << 10)
            api.functions.pointee.wasmtime_pooling_allocation_strategy_set(config, pool)
            api.functions.pointee.wasmtime_pooling_allocation_config_delete(pool)
        }
        return config
    }
}
