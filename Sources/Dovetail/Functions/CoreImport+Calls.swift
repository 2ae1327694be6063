// SPDX-License-Identifier: Apache-2.0

import DovetailABI

/// Calls of lowered functions. (CanonicalABI.md, `canon lower`)
extension CoreImport {
    /// The caller's side of a lowered function.
    struct LoweredCall {
        let layout: FunctionLayout
        let environment: InstanceEnvironment
        let isAsync: Bool
        /// Whether the function itself is async, so that its callers may have to wait.
        let isAsyncType: Bool
        /// How many parameters may be passed flat, and how many results.
        var parameterLimit: Int { CanonicalLimits.flatParameters(isAsync: isAsync) }
        var resultLimit: Int { CanonicalLimits.flatResults(isAsync: isAsync) }
        /// How many core values an asynchronous call has.
        var slotCount: Int {
            let parameters =
                layout.parametersAreIndirect(limit: parameterLimit)
                ? 1 : layout.flatParameters(environment.is64).count
            return layout.result == nil ? parameters : parameters + 1
        }
    }

    func callHost(_ slots: UnsafeMutableRawPointer) throws {
        guard case .host(let function, let call) = kind else { return }
        guard component.core.pointee.mayLeave else { throw Trap.cannotLeave() }
        if let start = function.start {
            // What can neither go on nor block waits together with its caller.
            let canBlock = call.isAsyncType && GuestThread.current(instance.store.core)?.task.mayBlock == true
            if call.isAsync || canBlock { return try callHostTask(start, call, slots) }
        }
        try function.body(call.environment.core.site, slots, call.isAsync)
        if call.isAsync { finishAsync(slots) }
    }

    func callGuest(_ slots: UnsafeMutableRawPointer) throws {
        guard case .guest(let callee, let call) = kind else { return }
        guard component.core.pointee.mayLeave else { throw Trap.cannotLeave() }
        if callee.pointee.usesTasks { return try callTask(callee, call, slots) }
        let environment = call.environment
        environment.core.refresh()
        var scope = BorrowScope()
        try withUnsafeMutablePointer(to: &scope) { scope in
            defer { if !scope.pointee.isEmpty { scope.pointee.release(in: environment.handles) } }
            var caller = CanonicalContext(
                environment, scope: scope, copyBudget: instance.store.configuration.copyBudget)
            var reader = FlatReader(slots)
            let store = instance.store.core
            store.pointee.running.transfers &+= 1
            defer { store.pointee.running.transfers &-= 1 }
            try callee.run(readsMemory: true) { (cx, target) throws(ABIError) in
                var writer = FlatWriter(target)
                try call.layout.transferParameters(
                    &caller, from: &reader, limit: call.parameterLimit, to: callee.pointee.layout, &cx, into: &writer)
            } lift: { (cx, source, _) throws(ABIError) in
                environment.core.refresh()
                caller.reload()
                var results = FlatReader(source)
                var writer = FlatWriter(slots)
                try callee.pointee.layout.transferResult(
                    &cx, from: &results, to: call.layout, &caller, returnPointer: &reader, into: &writer,
                    callerLimit: call.resultLimit)
            }
        }
        if call.isAsync { finishAsync(slots) }
    }

    /// The callee returned at once: the subtask is in state RETURNED and has no index.
    private func finishAsync(_ slots: UnsafeMutableRawPointer) {
        var writer = FlatWriter(slots)
        writer.write(UInt32(2))
    }

    // MARK: Calls that may go on when the core call is over

    /// Calls a function of a component as a task, which may go on when the call is over.
    private func callTask(
        _ callee: UnsafeMutablePointer<LiftedFunction>, _ call: LoweredCall, _ slots: UnsafeMutableRawPointer
    ) throws {
        let subtask = Subtask(call, slots, copyBudget: instance.store.configuration.copyBudget)
        let task = try GuestTask(callee, subtask)
        subtask.task = task
        try task.begin()
        try finish(subtask, call, slots)
    }

    /// Calls an async function of the host's, which may go on when the call is over.
    private func callHostTask(
        _ start: DirectFunction.Start, _ call: LoweredCall, _ slots: UnsafeMutableRawPointer
    ) throws {
        let core = instance.store.core
        let subtask = Subtask(call, slots, copyBudget: core.pointee.copyBudget)
        let run = try subtask.start(start, Caller(core.pointee.link))
        instance.store.operations.add(subtask, instance, GuestThread.current(instance.store.core)?.task.scope, run)
        try finish(subtask, call, slots)
    }

    /// Waits for a subtask, or gives the guest a handle to it.
    private func finish(_ subtask: Subtask, _ call: LoweredCall, _ slots: UnsafeMutableRawPointer) throws {
        guard call.isAsync else {
            if !subtask.isResolved { try thread().wait(for: .resolution(subtask)) }
            return subtask.deliverResolve()
        }
        var writer = FlatWriter(slots)
        guard !subtask.isResolved else {
            subtask.deliverResolve()
            return writer.write(subtask.state.rawValue)
        }
        let index = try component.handles.add(object: subtask)
        subtask.index = index
        writer.write(subtask.state.rawValue | index << 4)
    }
}
