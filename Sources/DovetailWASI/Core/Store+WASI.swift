// SPDX-License-Identifier: Apache-2.0

public import Dovetail

extension Store {
    /// Makes an empty store whose guests get of WASI what `wasi` names.
    ///
    /// ```swift
    /// let store = try Store(engine: engine, wasi: WASIConfiguration(arguments: ["adder"]))
    /// ```
    ///
    /// Waits of guests end when the time is up that `configuration` gives each call. In calls by `callAsync` they suspend the
    /// guest; in others they block the thread.
    ///
    /// - Throws: ``WASIError`` with code `configuration` for a folder that cannot be opened, or text that holds NUL.
    public convenience init(
        engine: Engine, configuration: Configuration = Configuration(), wasi: WASIConfiguration
    ) throws {
        self.init(engine: engine, configuration: configuration)
        data[WASIContext.self] = try WASIContext(wasi, waiter: StoreWaiter(self))
    }

    /// What guests in this store get of WASI. A store that was made without gives the empty grant: clocks, random numbers,
    /// standard streams that are closed, no arguments, no environment and no files.
    public var wasi: WASIContext {
        if let context = data[WASIContext.self] { return context }
        let context = WASIContext(waiter: StoreWaiter(self))
        data[WASIContext.self] = context
        return context
    }
}

extension Caller {
    /// What the caller's store was granted of WASI; see ``Dovetail/Store/wasi``.
    public var wasi: WASIContext { store.wasi }
}
