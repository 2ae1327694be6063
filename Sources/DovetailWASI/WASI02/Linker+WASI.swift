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

    /// Defines the interfaces of WASI 0.2: `wasi:cli`, `io`, `clocks`, `random`, `filesystem`, `sockets`, and `http`, which can be
    /// imported but grants nothing.
    ///
    /// What they give a guest is decided where its store is made, see `Store.init(engine:configuration:wasi:)`. A definition of your own made afterwards
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
