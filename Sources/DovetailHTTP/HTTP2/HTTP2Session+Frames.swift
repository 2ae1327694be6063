// SPDX-License-Identifier: Apache-2.0

internal import CDovetailNGHTTP2

// What happens to a session while nghttp2 takes in and sends frames.
extension HTTP2Session {
    private static func has(_ flags: UInt8, _ flag: nghttp2_flag) -> Bool {
        flags & UInt8(flag.rawValue) != 0
    }

    private static var malformed: CInt { CInt(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue) }

    // MARK: - Receiving

    /// A frame begins: those that get nothing done are counted.
    func begins(_ header: nghttp2_frame_hd) -> CInt {
        switch UInt32(header.type) {
        case NGHTTP2_DATA.rawValue:
            if header.length > 0 {
                control.earn(1)
            } else if !Self.has(header.flags, NGHTTP2_FLAG_END_STREAM) {
                return count()
            }
        case NGHTTP2_HEADERS.rawValue:
            continuations = 0
        case NGHTTP2_CONTINUATION.rawValue:
            continuations += 1
            if continuations > limits.continuations { return refuse() }
            if header.length == 0 { return count() }
        case NGHTTP2_RST_STREAM.rawValue, NGHTTP2_GOAWAY.rawValue:
            break
        default:
            return count()
        }
        return 0
    }

    private func count() -> CInt { control.spend() ? 0 : refuse() }

    func beginsFields(_ frame: UnsafePointer<nghttp2_frame>) -> CInt {
        let id = frame.pointee.hd.stream_id
        fields.begin(limit: limits.fieldSectionSize)
        if isServer, frame.pointee.headers.cat == NGHTTP2_HCAT_REQUEST {
            let stream = HTTP2Stream(id, self)
            streams[id] = stream
            nghttp2_session_set_stream_user_data(raw, id, stream.pointer)
            control.earn(4)
        }
        return 0
    }

    func receives(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) -> CInt {
        fields.add(name, value)
        // A small block can stand for very many fields.
        return fields.isEndless ? refuse() : 0
    }

    func received(_ frame: UnsafePointer<nghttp2_frame>) -> CInt {
        let header = frame.pointee.hd
        switch UInt32(header.type) {
        case NGHTTP2_HEADERS.rawValue:
            guard let stream = streams[header.stream_id] else { return 0 }
            return receivedFields(stream, isLast: Self.has(header.flags, NGHTTP2_FLAG_END_STREAM))
        case NGHTTP2_DATA.rawValue:
            if Self.has(header.flags, NGHTTP2_FLAG_END_STREAM) {
                streams[header.stream_id]?.receivedEnd(nil)
            }
        case NGHTTP2_PING.rawValue:
            if Self.has(header.flags, NGHTTP2_FLAG_ACK) { answered() }
        case NGHTTP2_GOAWAY.rawValue:
            isGoingAway = true
        default: break
        }
        return 0
    }

    private func receivedFields(_ stream: HTTP2Stream, isLast: Bool) -> CInt {
        if isServer, stream.request == nil {
            if let status = fields.refusal { return refuse(stream, status) }
            guard let request = fields.request() else { return refuse(stream, 400) }
            stream.request = request
            stream.method = request.method
            stream.expectsContinue = !isLast && fields.expectsContinue
            if isLast { stream.receivedEnd(nil) }
            owner?.received(stream)
        } else if !isServer, stream.response == nil {
            if fields.refusal != nil {
                stream.fail(
                    .httpResponseHeaderSectionSize(UInt32(clamping: fields.size)), code: NGHTTP2_CANCEL)
                return 0
            }
            let response = fields.response()
            if response.status < 200 { return count() }
            stream.receivedResponse(response)
            if isLast { stream.receivedEnd(nil) }
        } else if fields.refusal != nil {
            let size = UInt32(clamping: fields.size)
            stream.fail(
                isServer ? .httpRequestTrailerSectionSize(size) : .httpResponseTrailerSectionSize(size),
                code: NGHTTP2_CANCEL)
        } else if isLast {
            stream.receivedEnd(fields.trailers())
        }
        return 0
    }

    /// Answers a request that nobody should have to look at.
    private func refuse(_ stream: HTTP2Stream, _ status: UInt16) -> CInt {
        guard resets.spend() else { return refuse() }
        stream.request = HTTPRequest()
        stream.isReadCancelled = true
        guard (try? stream.respond(HTTPResponse(status: status), hasBody: false)) != nil else {
            return Self.malformed
        }
        return 0
    }

    func received(_ bytes: UnsafeRawBufferPointer, of stream: HTTP2Stream?, _ id: Int32) -> CInt {
        if let stream, stream.received(bytes) { return 0 }
        // Nobody will read it.
        nghttp2_session_consume(raw, id, bytes.count)
        return 0
    }

    // MARK: - Sending

    func sent(_ frame: UnsafePointer<nghttp2_frame>) -> CInt {
        let header = frame.pointee.hd
        let type = UInt32(header.type)
        guard type == NGHTTP2_DATA.rawValue || type == NGHTTP2_HEADERS.rawValue else { return 0 }
        if type == NGHTTP2_DATA.rawValue { control.earn(4) }
        guard Self.has(header.flags, NGHTTP2_FLAG_END_STREAM), let stream = streams[header.stream_id]
        else { return 0 }
        stream.isOutgoingEnded = true
        // The client need not send what nobody will read; it must not hear that before the whole response has left.
        if isServer, !stream.isIncomingEnded {
            nghttp2_submit_rst_stream(
                raw, UInt8(NGHTTP2_FLAG_NONE.rawValue), stream.id, NGHTTP2_NO_ERROR.rawValue)
        }
        return 0
    }

    /// Puts a frame with data into the output.
    func send(_ stream: HTTP2Stream, _ header: UnsafeRawBufferPointer, _ count: Int) -> CInt {
        output.append(header)
        output.append(UnsafeRawBufferPointer(rebasing: stream.outgoing.bytes.prefix(count)))
        stream.sent(count)
        return 0
    }

    func closed(_ id: Int32, _ code: UInt32) -> CInt {
        guard let stream = streams.removeValue(forKey: id) else { return 0 }
        let isComplete =
            stream.isOutgoingEnded && (stream.isIncomingEnded || code == NGHTTP2_NO_ERROR.rawValue)
        stream.isRefused = code == NGHTTP2_REFUSED_STREAM.rawValue
        stream.close(HTTP2Codes.error(code, isServer: isServer, hasResponse: stream.response != nil))
        owner?.closed(stream)
        guard isServer, stream.resetByUs == nil else { return 0 }
        if isComplete {
            resets.earn(1)
        } else if !resets.spend(), failure == nil {
            // Not by the result: it may be the sending of a frame that has closed the stream.
            failure = .httpProtocolError
            nghttp2_session_terminate_session(raw, NGHTTP2_ENHANCE_YOUR_CALM.rawValue)
        }
        return 0
    }
}
