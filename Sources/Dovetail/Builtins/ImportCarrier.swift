// SPDX-License-Identifier: Apache-2.0

import CDovetailWasmtime
import DovetailBinaryReader
import DovetailValidation

/// The core functions that a component gets from the host and the runtime, in one core module that imports and exports them.
///
/// Linked once, its instance takes a store less than the functions one by one; what a function needs of its instance is looked up by its
/// first call. A call finds it through its store, which takes longer than through the function itself: so this is for instances
/// that do not live long, and for the first one in each store.
final class ImportCarrier: @unchecked Sendable {
    // @unchecked because nothing changes once it is made.

    /// What a function knows of itself.
    private struct Place {
        let api: EngineLibrary.Table
        let index: Int
    }

    /// The names under which the trampolines are exported; `nil` for those that are not among them.
    private let names: [String?]
    private let places: UnsafeMutablePointer<Place>
    private let pre: OpaquePointer
    private let api: EngineLibrary.Table

    /// With fewer it is not worth it.
    private static let fewest = 4

    /// Makes the module and links it; `nil` when that is not possible or brings nothing.
    init?(_ component: Component, _ functions: [InstancePre.Function]) {
        let (plan, api) = (component.plan, component.engine.api)
        var wanted = Set<Int>()
        for case .instantiate(let step) in plan.initializers {
            guard case .embedded = step.module else { continue }
            for case .trampoline(let index) in step.imports.map(\.source)
            where Self.canWait(plan.trampolines[index], functions) { wanted.insert(index) }
        }
        guard wanted.count >= Self.fewest else { return nil }

        var (imports, exports) = ("", "")
        var names = [String?](repeating: nil, count: plan.trampolines.count)
        for (number, index) in wanted.sorted().enumerated() {
            let name = String(number, radix: 36)
            names[index] = name
            let type = plan.trampolines[index].coreType
            imports += "(import \"\" \"\(name)\" \(type))"
            exports += "(export \"\(name)\" (func \(number)))"
        }
        guard let module = try? WasmText.parse(Array("(module \(imports) \(exports))".utf8)) else { return nil }
        let places = UnsafeMutablePointer<Place>.allocate(capacity: plan.trampolines.count)
        for index in plan.trampolines.indices { (places + index).initialize(to: Place(api: api, index: index)) }
        let linked = Self.link(component, module, names, places)
        guard let linked else {
            places.deallocate()
            return nil
        }
        pre = linked
        self.names = names
        self.places = places
        self.api = api
    }

    deinit {
        api.functions.pointee.wasmtime_instance_pre_delete(pre)
        places.deallocate()
    }

    /// Whether what a trampoline needs may be looked up by its first call: nothing of that can fail.
    private static func canWait(
        _ trampoline: ComponentPlan.Trampoline, _ functions: [InstancePre.Function]
    ) -> Bool {
        switch trampoline.kind {
        case .lower(let item, _, _, _):
            guard case .imported(let index) = item.source else { return true }
            if case .host = functions[index] { return true }
            return false
        case .threadNew: return false
        default: return true
        }
    }

    private static func link(
        _ component: Component, _ bytes: [UInt8], _ names: [String?], _ places: UnsafeMutablePointer<Place>
    ) -> OpaquePointer? {
        let (api, engine) = (component.engine.api, component.engine.raw)
        var module: OpaquePointer?
        guard api.functions.pointee.wasmtime_module_new(engine, bytes, bytes.count, &module).isNothing(api), let module
        else {
            return nil
        }
        defer { api.functions.pointee.wasmtime_module_delete(module) }
        let linker = api.functions.pointee.wasmtime_linker_new(engine)
        defer { api.functions.pointee.wasmtime_linker_delete(linker) }
        for (index, name) in names.enumerated() {
            guard var name else { continue }
            let error = name.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { name in
                    api.functions.pointee.wasmtime_linker_define_func_unchecked(
                        linker, "", 0, name.baseAddress.unsafelyUnwrapped, name.count,
                        component.plan.trampolines[index].engineType.raw,
                        { place, caller, slots, _ in ImportCarrier.run(place, caller, slots) }, places + index, nil)
                }
            }
            guard error.isNothing(api) else { return nil }
        }
        var pre: OpaquePointer?
        guard api.functions.pointee.wasmtime_linker_instantiate_pre(linker, module, &pre).isNothing(api) else {
            return nil
        }
        return pre
    }

    /// Makes an instance for a store.
    func instantiate(in store: Store) throws -> wasmtime_instance_t {
        var instance = wasmtime_instance_t()
        var trap: OpaquePointer?
        let error = api.functions.pointee.wasmtime_instance_pre_instantiate(pre, store.context, &instance, &trap)
        if error != nil || trap != nil { throw store.failure(error, trap) }
        return instance
    }

    /// The function for a trampoline; `nil` when it is not among them.
    func function(_ index: Int, of instance: UnsafePointer<wasmtime_instance_t>, in store: Store) -> wasmtime_func_t? {
        names[index].flatMap { store.export($0, of: instance) }?.of.func
    }

    /// A guest's call.
    private static func run(
        _ place: UnsafeMutableRawPointer?, _ caller: OpaquePointer, _ slots: UnsafeMutablePointer<wasmtime_val_raw_t>
    ) -> OpaquePointer? {
        guard let place = place?.assumingMemoryBound(to: Place.self) else { return nil }
        let api = place.pointee.api
        guard
            let core = api.functions.pointee.wasmtime_context_get_data(
                api.functions.pointee.wasmtime_caller_context(caller))?
                .assumingMemoryBound(to: StoreCore.self),
            let imports = core.pointee.carriedImports
        else { return nil }
        let index = place.pointee.index
        if imports[index] == nil, let trap = prepare(core, index) { return trap }
        return imports[index]?._withUnsafeGuaranteedRef { $0.run(slots) }
    }

    /// Looks up what the function needs, for its first call. Apart from that, as no reference may stay in the frame of a call that can block.
    @inline(never)
    private static func prepare(_ core: UnsafeMutablePointer<StoreCore>, _ index: Int) -> OpaquePointer? {
        let store = core.pointee.store.takeUnretainedValue()
        do {
            _ = try store.carriedInstance?.coreImport(index)
            return nil
        } catch {
            return store.park(error)
        }
    }
}

extension OpaquePointer? {
    /// Whether there is no error; one that there is, is taken over.
    fileprivate func isNothing(_ api: EngineLibrary.Table) -> Bool {
        guard let error = self else { return true }
        api.functions.pointee.wasmtime_error_delete(error)
        return false
    }
}
