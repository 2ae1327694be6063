// SPDX-License-Identifier: Apache-2.0

@_extern(wasm, module: "$root", name: "[error-context-new-utf8]") @_extern(c, "dovetail_error_context_new")
private func newErrorContext(_ message: Int32, _ count: Int32) -> Int32
@_extern(wasm, module: "$root", name: "[error-context-debug-message-utf8]")
@_extern(c, "dovetail_error_context_debug_message")
private func debugMessage(_ context: Int32, _ message: UnsafeMutableRawPointer)
@_extern(wasm, module: "$root", name: "[error-context-drop]") @_extern(c, "dovetail_error_context_drop")
private func dropErrorContext(_ context: Int32)

/// An `error-context`: what went wrong, for whoever debugs it.
public final class ErrorContextValue: @unchecked Sendable {
    // @unchecked because a component has one thread.

    fileprivate let handle: Int32

    fileprivate init(handle: Int32) { self.handle = handle }

    /// Makes one of a message, which hosts may change or drop.
    public convenience init(debugMessage: String) {
        self.init(handle: StringCodec.lend(debugMessage) { newErrorContext($0, $1) })
    }

    /// The message.
    public var debugMessage: String {
        withArea(8) { area, _ in
            DovetailGuest.debugMessage(handle, area)
            return StringCodec.load(area)
        }
    }

    deinit { dropErrorContext(handle) }
}

extension ErrorContextValue {
    /// How values cross.
    public typealias Codec = ErrorContextCodec
}

/// The codec of error contexts.
public enum ErrorContextCodec: CoreCodec {
    /// What a value takes up.
    public static var abi: StaticLayout { StaticLayout(size: 4, alignment: 4, flatCount: 1) }
    /// The core value of a value.
    public static func core(_ value: ErrorContextValue) -> Int32 { value.handle }
    /// The value of a core value.
    public static func value(_ core: Int32) -> ErrorContextValue { ErrorContextValue(handle: core) }
    /// Reads a value out of memory.
    public static func load(_ place: UnsafeRawPointer) -> ErrorContextValue { value(place.load(as: Int32.self)) }
    /// Writes a value into memory.
    public static func store(_ value: ErrorContextValue, _ place: UnsafeMutableRawPointer, _ arena: inout Arena) {
        place.storeBytes(of: core(value), as: Int32.self)
    }
}
