// SPDX-License-Identifier: Apache-2.0

private import CDovetailJSON

/// Bytes that are not JSON, or JSON that is not of the expected form.
package struct JSONError: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

extension JSONTree {
    /// Reads a text in UTF-8; of members of one name the last one counts.
    ///
    /// - Throws: a ``JSONError`` with the place where the text is not JSON.
    package init(reading bytes: UnsafeRawBufferPointer) throws(JSONError) {
        var error = json_error_t()
        let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
        guard let value = json_loadb(start, bytes.count, Int(JSON_DECODE_ANY | JSON_ALLOW_NUL), &error) else {
            let message = withUnsafePointer(to: error) { String(cString: dovetail_json_message($0)) }
            throw JSONError("\(message) (line \(error.line), byte \(error.position))")
        }
        defer { json_decref(value) }
        self.init(value)
    }

    /// Reads a text.
    ///
    /// - Throws: as ``init(reading:)-(UnsafeRawBufferPointer)``.
    package init(reading text: String) throws(JSONError) {
        var text = text
        let tree = text.withUTF8 { bytes in
            Result { () throws(JSONError) in try JSONTree(reading: UnsafeRawBufferPointer(bytes)) }
        }
        self = try tree.get()
    }

    /// The library nests values no deeper than 2048, so this may call itself.
    private init(_ value: UnsafeMutablePointer<json_t>) {
        switch dovetail_json_type(value) {
        case JSON_OBJECT:
            var members: [Member] = []
            members.reserveCapacity(json_object_size(value))
            var place = json_object_iter(value)
            while let current = place {
                let name = UnsafeRawBufferPointer(
                    start: json_object_iter_key(current), count: dovetail_json_name_length(current))
                if let item = json_object_iter_value(current) {
                    members.append(Member(String(decoding: name, as: UTF8.self), JSONTree(item)))
                }
                place = json_object_iter_next(value, current)
            }
            self = .object(members)
        case JSON_ARRAY:
            self = .array((0..<json_array_size(value)).compactMap { json_array_get(value, $0).map { JSONTree($0) } })
        case JSON_STRING:
            let text = UnsafeRawBufferPointer(start: json_string_value(value), count: json_string_length(value))
            self = .string(String(decoding: text, as: UTF8.self))
        case JSON_INTEGER: self = .number(Int(json_integer_value(value)))
        case JSON_REAL: self = .real(json_real_value(value))
        case JSON_TRUE: self = .bool(true)
        case JSON_FALSE: self = .bool(false)
        default: self = .null
        }
    }
}
