// SPDX-License-Identifier: Apache-2.0

import DovetailABI

/// A value of Python as it leaves a sandbox, before it is known what it is wanted as.
indirect enum PythonObject {
    case none
    case bool(Bool)
    case int(Int64)
    /// A number that only `u64` has.
    case wide(UInt64)
    /// A number that no type has.
    case huge
    case float(Double)
    case text(String)
    case bytes([UInt8])
    case list([PythonObject])
    case tuple([PythonObject])
    case set([PythonObject])
    case dict([(key: PythonObject, value: PythonObject)])
    /// A record, `Case`, `Ok`, `Err` or `Some`, by the word behind the mark.
    case marked(String, [PythonObject])

    /// What it is, in Python's words.
    var kindName: String {
        switch self {
        case .none: "None"
        case .bool: "bool"
        case .int(let number): "the number \(number)"
        case .wide(let number): "the number \(number)"
        case .huge: "a number of more than 64 bits"
        case .float: "float"
        case .text: "str"
        case .bytes: "bytes"
        case .list: "list"
        case .tuple(let parts): "a tuple of \(parts.count)"
        case .set: "set"
        case .dict: "dict"
        case .marked("record", _): "an object with fields"
        case .marked("case", _): "Case"
        case .marked("ok", _): "Ok"
        case .marked("error", _): "Err"
        case .marked: "Some"
        }
    }
}

extension PythonObject {
    /// The value that it is by itself, where no type is wanted.
    ///
    /// - Throws: `ABIError` when there is none.
    func value() throws(ABIError) -> Value {
        switch self {
        case .none: return .option(nil)
        case .bool(let flag): return .bool(flag)
        case .int(let number): return .s64(number)
        case .wide(let number): return .u64(number)
        case .huge: throw .expected("a number of 64 bits", found: kindName)
        case .float(let number): return .f64(number)
        case .text(let text): return .string(text)
        case .bytes(let bytes): return .bytes(bytes)
        case .list(let objects), .set(let objects): return .list(.values(try Self.values(objects)))
        case .tuple(let objects): return .tuple(try Self.values(objects))
        case .dict(let entries):
            var result: [MapEntry] = []
            result.reserveCapacity(entries.count)
            for (key, value) in entries { result.append(MapEntry(key: try key.value(), value: try value.value())) }
            return .map(result)
        case .marked(let word, let parts): return try Self.marked(word, parts)
        }
    }

    private static func values(_ objects: [PythonObject]) throws(ABIError) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(objects.count)
        for (index, object) in objects.enumerated() {
            do throws(ABIError) { values.append(try object.value()) } catch { throw error.within(.index(index)) }
        }
        return values
    }

    private static func marked(_ word: String, _ parts: [PythonObject]) throws(ABIError) -> Value {
        switch (word, parts.first, parts.count) {
        case ("record", .dict(let entries)?, 1):
            var fields: [RecordField] = []
            for case (.text(let name), let value) in entries {
                do throws(ABIError) {
                    fields.append(RecordField(name: kebab(name), value: try value.value()))
                } catch {
                    throw error.within(.field(name))
                }
            }
            return .record(fields)
        case ("case", .text(let name)?, 2): return .variant(name, try payload(parts[1]))
        case ("ok", let value?, 1): return .ok(try payload(value))
        case ("error", let value?, 1): return .error(try payload(value))
        case ("some", let value?, 1): return .option(try value.value())
        default: throw .expected("a value", found: "a tuple that begins with StopIteration")
        }
    }

    private static func payload(_ object: PythonObject) throws(ABIError) -> Value? {
        if case .none = object { return nil }
        return try object.value()
    }

    /// The name of a field in WIT.
    static func kebab(_ name: String) -> String { name.replacing("_", with: "-") }
}
