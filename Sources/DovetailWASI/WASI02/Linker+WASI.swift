// SPDX-License-Identifier: Apache-2.0

public import Dovetail

/// WASI 0.2 for the components a linker links.
extension Linker {
    /// A linker with the interfaces of WASI 0.2; generated bindings begin with it when their world imports WASI.
    public static func wasi(engine: Engine) -> Linker {
        var linker = Linker(engine: engine)
        linker.addWASI()
        return linker
    }

    /// Defines the interfaces of WASI 0.2: `wasi:cli`, `io`, `clocks`, `random`, `filesystem`, and `sockets` and `http`, which
    /// can be imported but grant nothing.
    ///
    /// What they give a guest is decided by its store, see `Store.wasi`. A definition of your own made afterwards
    /// takes the place of the one made here.
    ///
    /// - Parameters:
    ///   - only: the interfaces to define, as `wasi:io/streams`, or whole packages, as `wasi:io`; nil for all.
    ///   - except: the interfaces or packages to leave out.
    public mutating func addWASI(only: Set<String>? = nil, except: Set<String> = []) {
        for interface in WASI02.interfaces {
            let package = String(interface.name.prefix { $0 != "/" })
            if let only, !only.contains(interface.name), !only.contains(package) { continue }
            if except.contains(interface.name) || except.contains(package) { continue }
            interface.define(&self)
        }
    }
}

extension Store {
    /// What guests in this store get of WASI; nil for a store without.
    public var wasi: WASIContext? {
        get { data[WASIContext.self] }
        set { data[WASIContext.self] = newValue }
    }

    /// Gives the guests in this store what the configuration names; by default clocks, random numbers and streams that are
    /// closed or discard.
    ///
    /// Waits of guests end when the time is up that the store gives each call. In calls by `callAsync` they suspend the guest;
    /// in others they hold the thread.
    ///
    /// - Throws: ``WASIError`` when the configuration cannot be carried out.
    public func grantWASI(_ configuration: WASIConfiguration = WASIConfiguration()) throws {
        wasi = try WASIContext(configuration, waiter: StoreWaiter(self))
    }
}

extension Caller {
    /// What the caller's store was granted of WASI.
    ///
    /// - Throws: ``WASIError`` when it was granted nothing.
    public var wasi: WASIContext {
        get throws {
            guard let context = store.wasi else { throw WASIError.notGranted() }
            return context
        }
    }
}
