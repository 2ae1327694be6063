// SPDX-License-Identifier: Apache-2.0

private import CDovetailJSON

extension JSONTree {
    /// How a value is laid out as text.
    package enum Layout: Sendable {
        /// One line, without spaces.
        case compact
        /// A line for each element and member, indented by two spaces.
        case lines
    }

    /// The value as JSON text, the members of objects sorted by name.
    package func text(_ layout: Layout = .compact) -> String {
        let value = retained()
        defer { json_decref(value) }
        let indent: Int32 = layout == .lines ? 2 : 0
        let form = layout == .compact ? JSON_COMPACT : 0
        guard let text = json_dumps(value, Int(indent | JSON_SORT_KEYS | form | JSON_ENCODE_ANY)) else { return "" }
        defer { free(text) }
        return String(cString: text)
    }

    /// The library's form of the value; the caller releases it.
    private func retained() -> UnsafeMutablePointer<json_t>? {
        switch self {
        case .null: return json_null()
        case .bool(let value): return value ? json_true() : json_false()
        case .number(let value): return json_integer(json_int_t(value))
        case .real(let value): return json_real(value) ?? json_null()
        case .string(var text): return text.withUTF8 { Self.string($0) }
        case .array(let items):
            let array = json_array()
            for item in items { json_array_append_new(array, item.retained()) }
            return array
        case .object(let members):
            let object = json_object()
            for member in members {
                var key = member.key
                let value = member.value.retained()
                key.withUTF8 { name in
                    // A pointer is wanted for an empty name, too.
                    withUnsafePointer(to: 0 as CChar) { empty in
                        let start = UnsafeRawPointer(name.baseAddress).map { $0.assumingMemoryBound(to: CChar.self) }
                        _ = dovetail_json_set(object, start ?? empty, name.count, value)
                    }
                }
            }
            return object
        }
    }

    private static func string(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeMutablePointer<json_t>? {
        guard let start = bytes.baseAddress else { return json_string("") }
        return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) { json_stringn($0, bytes.count) }
    }
}
