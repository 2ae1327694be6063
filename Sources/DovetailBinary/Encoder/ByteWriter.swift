// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailTypes
import DovetailValidation

/// Bytes that grow at the end: the opposite of a ``ByteReader``. Numbers get their shortest form.
struct ByteWriter {
    /// What was written so far.
    private(set) var bytes: [UInt8] = []

    init() {}

    mutating func byte(_ value: UInt8) {
        bytes.append(value)
    }

    mutating func boolean(_ value: Bool) {
        bytes.append(value ? 1 : 0)
    }

    /// An unsigned LEB128 number.
    mutating func unsigned(_ value: UInt64) {
        var value = value
        while value >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: value))
    }

    mutating func u32(_ value: UInt32) {
        unsigned(UInt64(value))
    }

    /// A number of items or bytes.
    mutating func count(_ value: Int) {
        unsigned(UInt64(UInt(bitPattern: value)))
    }

    /// An index as a signed LEB128 number, which keeps it apart from the codes of types.
    mutating func signedIndex(_ index: UInt32) {
        var value = index
        while value >= 0x40 {
            bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: value))
    }

    /// A signed LEB128 number.
    mutating func signed(_ value: Int64) {
        var value = value
        while true {
            let low = UInt8(truncatingIfNeeded: value) & 0x7f
            value >>= 7
            if value == (low & 0x40 == 0 ? 0 : -1) { return bytes.append(low) }
            bytes.append(low | 0x80)
        }
    }

    /// Text behind its length.
    mutating func name(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            count(utf8.count)
            bytes.append(contentsOf: utf8)
        }
    }

    mutating func raw(_ other: some Sequence<UInt8>) {
        bytes.append(contentsOf: other)
    }

    /// Items behind their number.
    mutating func vector<Item>(_ items: [Item], _ write: (inout ByteWriter, Item) -> Void) {
        count(items.count)
        for item in items { write(&self, item) }
    }

    /// Makes room for that many more bytes.
    mutating func reserve(_ count: Int) {
        bytes.reserveCapacity(bytes.count + count)
    }

    /// A section: its code, the size of its content, the content.
    mutating func section(_ code: UInt8, _ content: some Collection<UInt8>) {
        byte(code)
        count(content.count)
        bytes.append(contentsOf: content)
    }

    /// A custom section.
    mutating func customSection(_ name: String, _ payload: some Sequence<UInt8>) {
        var content = ByteWriter()
        content.name(name)
        content.raw(payload)
        section(0, content.bytes)
    }
}
