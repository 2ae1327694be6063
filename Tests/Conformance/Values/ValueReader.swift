// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailTestSupport

/// Reads the value notation of the conformance data.
struct ValueReader {
    /// The handles that steps have named.
    var handles: [String: Resource] = [:]
    /// Makes a new host resource of a name with a representation.
    var makeResource: (String, UInt32) throws -> Resource = { name, _ in
        throw CaseFailure("there is no host resource `\(name)`")
    }

    /// The value that `json` stands for.
    ///
    /// - Throws: ``CaseFailure`` when the notation is not understood, ``CaseSkipped`` for streams and futures.
    func value(_ json: JSON) throws -> Value {
        if let name = json["handle"]?.string {
            guard let resource = handles[name] else { throw CaseFailure("there is no handle `\(name)`") }
            return .resource(resource)
        }
        if let name = json["new"]?.string, let rep = json["rep"]?.integer.flatMap({ UInt32(exactly: $0) }) {
            return .resource(try makeResource(name, rep))
        }
        let type = try json.text("type")
        guard let content = json["value"] else {
            if type == "stream" || type == "future" { throw CaseSkipped.needsStreams }
            throw CaseFailure("a value of type \(type) is missing")
        }
        let times = json["times"]?.integer ?? 1
        return try value(type, content, times: times)
    }

    private func value(_ type: String, _ content: JSON, times: Int) throws -> Value {
        switch type {
        case "list":
            let once = try elements(content)
            return .list(times == 1 ? once : Array(repeatElement(once, count: times).joined()))
        case "string": return .string(String(repeating: try text(content, type), count: times))
        case "tuple": return .tuple(try elements(content))
        case "record":
            return .record(
                try pairs(content).map { name, content in
                    RecordField(name: try text(name, type), value: try value(content))
                })
        case "map": return .map(try pairs(content).map { MapEntry(key: try value($0), value: try value($1)) })
        case "variant":
            return .variant(try content.text("case"), try content["payload"].map { try value($0) })
        case "enum": return .enum(try text(content, type))
        case "option": return .option(try optional(content))
        case "result":
            if let payload = content["Ok"] { return .ok(try optional(payload)) }
            if let payload = content["Err"] { return .error(try optional(payload)) }
            throw CaseFailure("a result needs `Ok` or `Err`")
        case "flags":
            guard let names = content.strings else { throw CaseFailure("flags need a list of names") }
            return .flags(names)
        case "bool":
            guard let value = content.bool else { throw CaseFailure("a bool needs true or false") }
            return .bool(value)
        case "char":
            let scalars = try text(content, type).unicodeScalars
            guard let scalar = scalars.first, scalars.count == 1 else {
                throw CaseFailure("a char needs one character")
            }
            return .char(scalar)
        default: return try number(type, try text(content, type))
        }
    }

    private func number(_ type: String, _ text: String) throws -> Value {
        func parse<Number: FixedWidthInteger>(_ number: Number.Type) throws -> Number {
            guard let value = Number(text) else { throw CaseFailure("`\(text)` is no \(type)") }
            return value
        }
        switch type {
        case "u8": return .u8(try parse(UInt8.self))
        case "s8": return .s8(try parse(Int8.self))
        case "u16": return .u16(try parse(UInt16.self))
        case "s16": return .s16(try parse(Int16.self))
        case "u32": return .u32(try parse(UInt32.self))
        case "s32": return .s32(try parse(Int32.self))
        case "u64": return .u64(try parse(UInt64.self))
        case "s64": return .s64(try parse(Int64.self))
        case "f32": return .f32(text.hasPrefix("nan") ? .nan : Float(bitPattern: try parse(UInt32.self)))
        case "f64": return .f64(text.hasPrefix("nan") ? .nan : Double(bitPattern: try parse(UInt64.self)))
        case "stream", "future", "error-context": throw CaseSkipped.needsStreams
        default: throw CaseFailure("values of type \(type) are not known")
        }
    }

    private func elements(_ content: JSON) throws -> [Value] {
        guard let list = content.array else { throw CaseFailure("expected a list of values") }
        return try list.map { try value($0) }
    }

    private func pairs(_ content: JSON) throws -> [(JSON, JSON)] {
        guard let list = content.array else { throw CaseFailure("expected a list of pairs") }
        return try list.map { pair in
            guard let both = pair.array, both.count == 2 else { throw CaseFailure("expected a pair") }
            return (both[0], both[1])
        }
    }

    private func optional(_ content: JSON) throws -> Value? { content.isNull ? nil : try value(content) }

    private func text(_ content: JSON, _ type: String) throws -> String {
        guard let text = content.string else { throw CaseFailure("a value of type \(type) needs a text") }
        return text
    }
}
