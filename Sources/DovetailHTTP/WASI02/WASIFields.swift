// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailWASI

/// The representation of the resource `wasi:http/types.fields`.
final class WASIFields: WASI02HTTP.Types.Fields {
    private typealias Failure = WASI02HTTP.Types.HeaderError

    private(set) var fields: HTTPFields
    /// The most bytes that names and values may have together.
    private let limit: Int
    private let isMutable: Bool
    /// The message's count of its children, of which it is one.
    private let siblings: ResourceChildren?

    /// Fields of a message, which a guest cannot change.
    ///
    /// - Parameter parent: what the guest must not drop as long as it has the fields.
    init(immutable fields: HTTPFields, of parent: ResourceChildren? = nil) {
        self.fields = fields
        limit = .max
        isMutable = false
        siblings = parent
        parent?.count += 1
    }

    deinit { siblings?.count -= 1 }

    /// Fields that a guest fills in.
    init(_ fields: HTTPFields = HTTPFields(), limit: Int) {
        self.fields = fields
        self.limit = limit
        isMutable = true
        siblings = nil
    }

    /// - Throws: `header-error`; ``DovetailWASI/WASIError`` for more bytes than fields may have.
    init(_ entries: [(String, [UInt8])], limit: Int) throws {
        fields = HTTPFields()
        self.limit = limit
        isMutable = true
        siblings = nil
        for (name, value) in entries {
            try Self.check(name)
            try add(name, value)
        }
    }

    func get(name: String) -> [[UInt8]] { fields.values(of: name) }
    func has(name: String) -> Bool { fields.contains(name) }

    func set(name: String, value: [[UInt8]]) throws {
        try Self.check(name)
        guard isMutable else { throw Failure.immutable }
        var changed = fields
        do throws(HTTPError) { try changed.set(name, value) } catch { throw Failure.invalidSyntax }
        try keep(changed)
    }

    func delete(name: String) throws {
        try Self.check(name)
        guard isMutable else { throw Failure.immutable }
        fields.remove(name)
    }

    func append(name: String, value: [UInt8]) throws {
        try Self.check(name)
        guard isMutable else { throw Failure.immutable }
        try add(name, value)
    }

    func entries() -> [(String, [UInt8])] { fields.map { ($0.name, $0.value) } }

    func clone() -> any WASI02HTTP.Types.Fields {
        WASIFields(fields, limit: limit == .max ? HTTPGrants.defaultFieldBytes : limit)
    }

    private func add(_ name: String, _ value: [UInt8]) throws {
        do throws(HTTPError) { try fields.add(name, value) } catch { throw Failure.invalidSyntax }
        try checkSize(fields)
    }

    private func keep(_ changed: HTTPFields) throws {
        try checkSize(changed)
        fields = changed
    }

    private func checkSize(_ fields: HTTPFields) throws {
        let size = fields.bytes.count
        guard size <= limit else { throw WASIError.fieldsTooLarge(size, limit: limit) }
    }

    private static func check(_ name: String) throws {
        guard HTTPSyntax.isToken(name) else { throw Failure.invalidSyntax }
        if HTTPFields.isHostsBusiness(name) { throw Failure.forbidden }
    }

    /// The fields behind a guest's handle.
    static func behind(_ fields: any WASI02HTTP.Types.Fields) throws -> HTTPFields {
        if let known = fields as? WASIFields { return known.fields }
        return try WASIFields(fields.entries(), limit: .max).fields
    }
}
