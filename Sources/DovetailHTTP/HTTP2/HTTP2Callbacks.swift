// SPDX-License-Identifier: Apache-2.0

internal import CDovetailNGHTTP2

/// What nghttp2 calls.
enum HTTP2Callbacks {
    nonisolated(unsafe) static let options: OpaquePointer? = {
        var options: OpaquePointer?
        guard nghttp2_option_new(&options) == 0 else { return nil }
        // Windows grow when somebody has read, not when bytes come in.
        nghttp2_option_set_no_auto_window_update(options, 1)
        nghttp2_option_set_no_closed_streams(options, 1)
        dovetail_nghttp2_count_no_resets(options)
        return options
    }()

    nonisolated(unsafe) static let raw: OpaquePointer? = {
        var callbacks: OpaquePointer?
        guard nghttp2_session_callbacks_new(&callbacks) == 0 else { return nil }
        nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks) { _, header, user in
            guard let header = header?.pointee else { return 0 }
            return with(user) { $0.begins(header) }
        }
        nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks) { _, frame, user in
            guard let frame else { return 0 }
            return with(user) { $0.beginsFields(frame) }
        }
        nghttp2_session_callbacks_set_on_header_callback(callbacks) {
            _, _, name, nameCount, value, valueCount, _, user in
            with(user) {
                $0.receives(
                    name: UnsafeRawBufferPointer(start: name, count: nameCount),
                    value: UnsafeRawBufferPointer(start: value, count: valueCount))
            }
        }
        // Otherwise nghttp2 passes over fields that make a message malformed (RFC 9113, 8.2.1).
        nghttp2_session_callbacks_set_on_invalid_header_callback(callbacks) { _, _, _, _, _, _, _, _ in
            CInt(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue)
        }
        nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks) { _, frame, user in
            guard let frame else { return 0 }
            return with(user) { $0.received(frame) }
        }
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks) {
            session, _, id, bytes, count, user in
            let stream = stream(session, id)
            return with(user) {
                $0.received(UnsafeRawBufferPointer(start: bytes, count: count), of: stream, id)
            }
        }
        nghttp2_session_callbacks_set_on_frame_send_callback(callbacks) { _, frame, user in
            guard let frame else { return 0 }
            return with(user) { $0.sent(frame) }
        }
        nghttp2_session_callbacks_set_on_stream_close_callback(callbacks) { _, id, code, user in
            with(user) { $0.closed(id, code) }
        }
        nghttp2_session_callbacks_set_send_data_callback(callbacks) {
            _, _, header, count, source, user in
            guard let header, let object = source?.pointee.ptr else {
                return CInt(NGHTTP2_ERR_CALLBACK_FAILURE.rawValue)
            }
            return Unmanaged<HTTP2Stream>.fromOpaque(object)._withUnsafeGuaranteedRef { stream in
                with(user) { $0.send(stream, UnsafeRawBufferPointer(start: header, count: 9), count) }
            }
        }
        return callbacks
    }()

    private static func with(_ user: UnsafeMutableRawPointer?, _ body: (HTTP2Session) -> CInt) -> CInt {
        guard let user else { return CInt(NGHTTP2_ERR_CALLBACK_FAILURE.rawValue) }
        return Unmanaged<HTTP2Session>.fromOpaque(user)._withUnsafeGuaranteedRef(body)
    }

    private static func stream(_ session: OpaquePointer?, _ id: Int32) -> HTTP2Stream? {
        nghttp2_session_get_stream_user_data(session, id).map {
            Unmanaged<HTTP2Stream>.fromOpaque($0).takeUnretainedValue()
        }
    }

    /// Where nghttp2 asks for the body of a stream.
    static func source(_ stream: HTTP2Stream) -> nghttp2_data_provider {
        var provider = nghttp2_data_provider()
        provider.source.ptr = stream.pointer
        provider.read_callback = { session, id, _, limit, flags, source, _ in
            guard let object = source?.pointee.ptr, let flags else {
                return Int(NGHTTP2_ERR_CALLBACK_FAILURE.rawValue)
            }
            return Unmanaged<HTTP2Stream>.fromOpaque(object)._withUnsafeGuaranteedRef { stream in
                switch stream.nextData(limit) {
                case .wait: return Int(NGHTTP2_ERR_DEFERRED.rawValue)
                case .failed: return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue)
                case .data(let count, let isLast, let trailers):
                    flags.pointee |= NGHTTP2_DATA_FLAG_NO_COPY.rawValue
                    guard isLast else { return count }
                    flags.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue
                    if let trailers {
                        flags.pointee |= NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue
                        let outcome = HTTP2FieldWriter(trailers: trailers).submit {
                            nghttp2_submit_trailer(session, id, $0, $1)
                        }
                        if outcome < 0 { return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue) }
                    }
                    return count
                }
            }
        }
        return provider
    }
}
