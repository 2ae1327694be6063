// SPDX-License-Identifier: Apache-2.0

public import Dovetail

extension Linker {
    /// A linker with the interfaces of WASI 0.2; generated bindings begin with it when their world imports WASI.
    public static func wasi(engine: Engine) -> Linker {
        var linker = Linker(engine: engine)
        linker.addWASI()
        return linker
    }
}
