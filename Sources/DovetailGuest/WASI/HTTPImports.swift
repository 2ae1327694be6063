// SPDX-License-Identifier: Apache-2.0

// What the conveniences call of `wasi:http/types`, under version 0.2.0, for which any 0.2 of the world serves.

@_extern(wasm, module: "wasi:http/types@0.2.0", name: "[constructor]fields")
@_extern(c, "guest fields") func newFields() -> Int32

@_extern(wasm, module: "wasi:http/types@0.2.0", name: "[resource-drop]fields")
@_extern(c, "guest fields.drop") func dropFields(_ fields: Int32)

@_extern(wasm, module: "wasi:http/types@0.2.0", name: "[method]fields.append")
@_extern(c, "guest fields.append")
func appendField(
    _ fields: Int32, _ name: Int32, _ nameCount: Int32, _ value: Int32, _ valueCount: Int32,
    _ result: UnsafeMutableRawPointer)

@_extern(wasm, module: "wasi:http/types@0.2.0", name: "[method]fields.get")
@_extern(c, "guest fields.get")
func getField(_ fields: Int32, _ name: Int32, _ count: Int32, _ result: UnsafeMutableRawPointer)

@_extern(wasm, module: "wasi:http/types@0.2.0", name: "[method]fields.entries")
@_extern(c, "guest fields.entries") func fieldEntries(_ fields: Int32, _ result: UnsafeMutableRawPointer)

@_extern(wasm, module: "wasi:http/types@0.2.0", name: "[method]incoming-body.stream")
@_extern(c, "guest incoming-body.stream") func bodyStream(_ body: Int32, _ result: UnsafeMutableRawPointer)

@_extern(wasm, module: "wasi:http/types@0.2.0", name: "[resource-drop]incoming-body")
@_extern(c, "guest incoming-body.drop") func dropIncomingBody(_ body: Int32)

@_extern(wasm, module: "wasi:http/types@0.2.0", name: "[method]outgoing-body.write")
@_extern(c, "guest outgoing-body.write") func bodyWrite(_ body: Int32, _ result: UnsafeMutableRawPointer)

@_extern(wasm, module: "wasi:http/types@0.2.0", name: "[static]outgoing-body.finish")
@_extern(c, "guest outgoing-body.finish")
func finishBody(_ body: Int32, _ hasTrailers: Int32, _ trailers: Int32, _ result: UnsafeMutableRawPointer)

/// The fields of a message, by their handle.
enum HTTPFields {
    /// Makes fields; those that the host refuses are left out.
    static func make(_ fields: [(name: String, value: String)]) -> Int32 {
        let handle = newFields()
        for field in fields {
            withArea(8) { area, _ in
                StringCodec.lend(field.name) { name, nameCount in
                    StringCodec.lend(field.value) { value, valueCount in
                        appendField(handle, name, nameCount, value, valueCount, area)
                    }
                }
            }
        }
        return handle
    }

    /// All fields, which are dropped. What is not UTF-8 in a value is replaced.
    static func take(_ handle: Int32) -> [(name: String, value: String)] {
        let fields = withArea(8) { area, _ in
            fieldEntries(handle, area)
            // A list of bytes lies in memory as a string does.
            return pairs(area) { (name: StringCodec.load($0), value: StringCodec.load($0 + 8)) }
        }
        dropFields(handle)
        return fields
    }

    /// The first field of a name; the fields are dropped.
    static func first(_ name: String, of handle: Int32) -> String? {
        let value = withArea(8) { area, _ -> String? in
            StringCodec.lend(name) { getField(handle, $0, $1, area) }
            return ListCodec<StringCodec>.load(area).first
        }
        dropFields(handle)
        return value
    }
}

/// The bodies of messages, by their handles.
enum HTTPBodies {
    /// The bytes of a body that comes in, which is dropped. `consume` is the message's method.
    static func read(_ message: Int32, _ consume: (Int32, UnsafeMutableRawPointer) -> Void) -> [UInt8] {
        withArea(8) { area, _ in
            consume(message, area)
            guard area.load(as: UInt8.self) == 0 else { return [] }
            let body = area.core(4, Int32.self)
            bodyStream(body, area)
            guard area.load(as: UInt8.self) == 0 else {
                dropIncomingBody(body)
                return []
            }
            let stream = area.core(4, Int32.self)
            let bytes = StreamHandles.readAll(stream)
            dropInputStream(stream)
            dropIncomingBody(body)
            return bytes
        }
    }

    /// Writes a body that goes out, and finishes it.
    static func write(_ bytes: [UInt8], to body: Int32) {
        withArea(40) { area, _ in
            bodyWrite(body, area)
            if area.load(as: UInt8.self) == 0 {
                let stream = area.core(4, Int32.self)
                _ = bytes.withUnsafeBytes { StreamHandles.write($0, to: stream) }
                dropOutputStream(stream)
            }
            finishBody(body, 0, 0, area)
            if area.load(as: UInt8.self) != 0 { HTTPError.release(area + 8) }
        }
    }
}
