// SPDX-License-Identifier: Apache-2.0

import DovetailABI

/// Reads what Python's `marshal` writes in its version 2. Nothing about the bytes is taken for granted: whoever is in a sandbox may
/// have written them.
struct MarshalReader {
    private let bytes: [UInt8]
    private var position = 0
    /// How many bytes the host may still spend on what is read.
    private var budget: Int

    /// What one object costs, about.
    private static let cost = 2 * MemoryLayout<Value>.stride

    /// The object that is all of `bytes`.
    ///
    /// - Parameter budget: how many bytes the host may spend on it.
    /// - Throws: `ABIError` when they are no object, or one that nests too deeply or costs too much.
    static func object(in bytes: [UInt8], budget: Int) throws(ABIError) -> PythonObject {
        var reader = MarshalReader(bytes: bytes, budget: budget)
        let object = try reader.object(depth: 0)
        guard reader.position == bytes.count else { throw reader.damaged() }
        return object
    }

    private init(bytes: [UInt8], budget: Int) {
        self.bytes = bytes
        self.budget = budget
    }

    private func damaged() -> ABIError { .expected("a value of Python", found: "others at byte \(position)") }

    private mutating func charge(_ bytes: Int) throws(ABIError) {
        guard bytes <= budget else { throw .copyLimit() }
        budget -= bytes
    }

    private mutating func take(_ count: Int) throws(ABIError) -> ArraySlice<UInt8> {
        guard count >= 0, count <= bytes.count - position else { throw damaged() }
        defer { position += count }
        return bytes[position..<position + count]
    }

    private mutating func number<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) throws(ABIError)
        -> Number
    {
        var result: Number = 0
        for (index, byte) in try take(MemoryLayout<Number>.size).enumerated() {
            result |= Number(truncatingIfNeeded: byte) << Number(8 * index)
        }
        return result
    }

    /// How many elements follow: each has a byte at least.
    private mutating func count() throws(ABIError) -> Int {
        let count = Int(try number(UInt32.self))
        guard count <= bytes.count - position else { throw damaged() }
        return count
    }

    private mutating func object(depth: Int) throws(ABIError) -> PythonObject {
        guard let code = try take(1).first else { throw damaged() }
        guard let object = try object(code, depth: depth) else { throw damaged() }
        return object
    }

    /// An object by its code, `nil` for the end of a dictionary.
    private mutating func object(_ code: UInt8, depth: Int) throws(ABIError) -> PythonObject? {
        try charge(Self.cost)
        guard depth <= CanonicalLimits.maxTypeDepth else {
            throw .expected("a value", found: "one that nests more than \(CanonicalLimits.maxTypeDepth) levels deep")
        }
        switch Unicode.Scalar(code) {
        case "0": return nil
        case "N": return PythonObject.none
        case "T": return .bool(true)
        case "F": return .bool(false)
        case "i": return .int(Int64(try number(Int32.self)))
        case "l": return try long()
        case "g": return .float(Double(bitPattern: try number()))
        case "s":
            let count = try count()
            try charge(count)
            return .bytes(Array(try take(count)))
        case "u", "t": return .text(try text())
        case "[": return .list(try objects(depth: depth))
        case "<", ">": return .set(try objects(depth: depth))
        case "(": return try tuple(depth: depth)
        case "{": return .dict(try entries(depth: depth))
        case "y": throw .expected("a value", found: "complex")
        case "c": throw .expected("a value", found: "code")
        case "S": throw .expected("a value", found: "StopIteration")
        case ".": throw .expected("a value", found: "Ellipsis")
        default: throw damaged()
        }
    }

    private mutating func text() throws(ABIError) -> String {
        let count = try count()
        try charge(count)
        guard let text = String(validating: try take(count), as: UTF8.self) else {
            throw .expected("a string", found: "one with half of a surrogate pair")
        }
        return text
    }

    /// A number in digits of 15 bits.
    private mutating func long() throws(ABIError) -> PythonObject {
        let size = try number(Int32.self)
        guard size.magnitude <= (bytes.count - position) / 2 else { throw damaged() }
        var magnitude: UInt64 = 0
        var isHuge = false
        for index in 0..<Int(size.magnitude) {
            let digit = UInt64(try number(UInt16.self))
            guard digit != 0 else { continue }
            guard digit < 1 << 15, index < 5, index < 4 || digit < 16 else {
                isHuge = true
                continue
            }
            magnitude |= digit << UInt64(15 * index)
        }
        guard !isHuge else { return .huge }
        if size < 0 {
            guard magnitude <= UInt64(Int64.max) + 1 else { return .huge }
            return .int(Int64(truncatingIfNeeded: 0 &- magnitude))
        }
        return Int64(exactly: magnitude).map { .int($0) } ?? .wide(magnitude)
    }

    private mutating func objects(depth: Int) throws(ABIError) -> [PythonObject] {
        try objects(count: try count(), depth: depth)
    }

    private mutating func objects(count: Int, depth: Int) throws(ABIError) -> [PythonObject] {
        var objects: [PythonObject] = []
        for _ in 0..<count { objects.append(try object(depth: depth + 1)) }
        return objects
    }

    /// A tuple; one that begins with the mark stands for something else.
    private mutating func tuple(depth: Int) throws(ABIError) -> PythonObject {
        let count = try count()
        guard count > 1, bytes[position] == UInt8(ascii: "S") else {
            return .tuple(try objects(count: count, depth: depth))
        }
        position += 1
        guard case .text(let word) = try object(depth: depth + 1) else {
            throw .expected("a value", found: "StopIteration")
        }
        return .marked(word, try objects(count: count - 2, depth: depth))
    }

    private mutating func entries(depth: Int) throws(ABIError) -> [(key: PythonObject, value: PythonObject)] {
        var entries: [(key: PythonObject, value: PythonObject)] = []
        while true {
            guard let code = try take(1).first else { throw damaged() }
            guard let key = try object(code, depth: depth + 1) else { return entries }
            entries.append((key, try object(depth: depth + 1)))
        }
    }
}
