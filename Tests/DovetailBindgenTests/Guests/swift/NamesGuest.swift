// SPDX-License-Identifier: Apache-2.0

// Passes every call on to the host.

extension Names: Names.Exports {
    static func aB() -> UInt8 {
        Imports.getHttp()
        return UInt8(NamesInterface.names().count)
    }

    static func instance() -> UInt8 { UInt8(Imports.httpGet(url: "go").utf8.count) }
}

extension Names.ExportedKeywords: Names.ExportedKeywords.Exports {
    private typealias Host = Names.Keywords

    static func `func`(class: Swift.String, self_: UInt32, in: UInt8, `var`: UInt8) throws(Error) -> Record {
        try Host.func(class: `class`, self_: self_, in: `in`, var: `var`)
    }

    static func `init`(returned: (UInt8, UInt8)) -> (UInt8, UInt8) { Host.`init`(returned: returned) }
    static func `deinit`() { Host.deinit() }
    static func `class`() -> Switch { Host.class() }
    static func `guard`() -> ProtocolValue { Host.guard() }
}

extension Names.ExportedTypes: Names.ExportedTypes.Exports {
    /// Stands for one of the host's.
    final class Instance: InstanceResource {
        private let host: Names.Types.Instance

        init(name: Swift.String) { host = Names.Types.Instance(name: name) }
        func component() -> Result { host.component() }
        func resource() -> Result { host.resource() }
        func interface() -> Result { host.interface() }
    }

    static func useAll(a: Array, b: [Optional], c: String) throws(Optional) -> Array {
        try Names.Types.useAll(a: a, b: b, c: c)
    }
}
