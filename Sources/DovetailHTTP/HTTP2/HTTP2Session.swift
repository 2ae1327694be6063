// SPDX-License-Identifier: Apache-2.0

internal import CDovetailNGHTTP2
internal import DovetailSystem

/// One end of an HTTP/2 connection (RFC 9113), which knows nothing of sockets: bytes in, streams and bytes out. nghttp2 does the framing.
///
/// It belongs to the thread of its connection, unless it was given a lock: then streams may be used on any.
package final class HTTP2Session {
    /// The connection that a session belongs to.
    package protocol Owner: AnyObject {
        /// A request has come in: its head is whole, its body may follow. Called within ``HTTP2Session/receive(_:)``.
        func received(_ stream: HTTP2Stream)
        /// There is something to send; told once until ``HTTP2Session/prepareOutput(limit:)``. Within ``HTTP2Session/receive(_:)``, too.
        func wantsToSend()
        /// The head of a response, or bytes of a body, have come. Within ``HTTP2Session/receive(_:)``.
        func progressed(_ stream: HTTP2Stream)
        /// A stream has ended. Within ``HTTP2Session/receive(_:)`` and ``HTTP2Session/prepareOutput(limit:)``.
        func closed(_ stream: HTTP2Stream)
        /// Whether the system has taken all output.
        var isSent: Bool { get }
    }

    package let isServer: Bool
    package let limits: HTTP2Limits
    weak var owner: (any Owner)?
    /// What the connection and its streams hold while they use the session.
    let lock: ConnectionLock?
    var raw: OpaquePointer?
    /// What is to be sent; whoever sends it removes it, then calls ``outputIsSent()``.
    package var output = ByteQueue()

    var streams: [Int32: HTTP2Stream] = [:]
    /// Streams whose writers want to know when everything is sent.
    var flushing: [HTTP2Stream] = []
    /// The message whose fields are coming in.
    var fields = HTTP2FieldReader()
    var resets: HTTP2Allowance
    var control: HTTP2Allowance
    var continuations = 0
    /// What all streams together hold that is still to be sent.
    var held = 0
    private var hasTold = false
    private var isDraining = false
    /// Whether the other end takes no more requests.
    package internal(set) var isGoingAway = false
    /// Why the connection cannot go on.
    package internal(set) var failure: HTTPError?

    /// Makes an end, which begins to send its settings.
    ///
    /// - Throws: ``HTTPError/internalError(_:)`` when the system has no more memory.
    package init(
        isServer: Bool, limits: HTTP2Limits = HTTP2Limits(), owner: any Owner,
        lock: ConnectionLock? = nil
    ) throws(HTTPError) {
        self.isServer = isServer
        self.limits = limits
        self.owner = owner
        self.lock = lock
        resets = HTTP2Allowance(limits.resets)
        control = HTTP2Allowance(limits.controlFrames)
        let user = Unmanaged.passUnretained(self).toOpaque()
        let made =
            isServer
            ? nghttp2_session_server_new2(&raw, HTTP2Callbacks.raw, user, HTTP2Callbacks.options)
            : nghttp2_session_client_new2(&raw, HTTP2Callbacks.raw, user, HTTP2Callbacks.options)
        guard made == 0 else { throw .internalError("out of memory") }
        let window = UInt32(clamping: min(limits.streamWindow, Int(Int32.max)))
        let fieldSize = UInt32(clamping: limits.fieldSectionSize)
        func setting(_ id: nghttp2_settings_id, _ value: UInt32) -> nghttp2_settings_entry {
            nghttp2_settings_entry(settings_id: Int32(id.rawValue), value: value)
        }
        var settings = [
            setting(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, window),
            setting(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, fieldSize),
        ]
        if isServer {
            settings.append(
                setting(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, UInt32(clamping: limits.concurrentStreams))
            )
            settings.append(setting(NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1))
        } else {
            settings.append(setting(NGHTTP2_SETTINGS_ENABLE_PUSH, 0))
        }
        let none = UInt8(NGHTTP2_FLAG_NONE.rawValue)
        nghttp2_submit_settings(raw, none, settings, settings.count)
        nghttp2_session_set_local_window_size(raw, none, 0, Int32(clamping: limits.connectionWindow))
    }

    deinit { nghttp2_session_del(raw) }

    // MARK: - For the connection

    /// How many streams are open.
    package var openStreams: Int { streams.count }

    /// How many requests the other end takes at once.
    package var peerConcurrentStreams: Int {
        Int(nghttp2_session_get_remote_settings(raw, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS))
    }

    /// Whether nothing more will come or go: the connection is to be closed.
    package var isFinished: Bool {
        output.isEmpty && nghttp2_session_want_read(raw) == 0 && nghttp2_session_want_write(raw) == 0
    }

    /// Takes in what the other end has sent.
    ///
    /// - Throws: ``HTTPError/httpProtocolError`` when the connection cannot go on; the other end is told in the output that is left.
    package func receive(_ bytes: UnsafeRawBufferPointer) throws(HTTPError) {
        if let failure { throw failure }
        let count = nghttp2_session_mem_recv(
            raw, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
        if count < 0 {
            failure = .httpProtocolError
            if nghttp2_session_want_write(raw) == 0 || count != Int(NGHTTP2_ERR_FLOODED.rawValue) {
                nghttp2_session_terminate_session(
                    raw,
                    (Int(count) == Int(NGHTTP2_ERR_BAD_CLIENT_MAGIC.rawValue)
                        ? NGHTTP2_PROTOCOL_ERROR : NGHTTP2_ENHANCE_YOUR_CALM).rawValue)
            }
        }
        if nghttp2_session_want_write(raw) != 0 { tell() }
        if let failure { throw failure }
    }

    /// Fills ``output`` with frames, until it holds about `limit` bytes.
    package func prepareOutput(limit: Int) {
        hasTold = false
        while output.count < limit {
            var bytes: UnsafePointer<UInt8>?
            // Frames with data put themselves into the output.
            let count = nghttp2_session_mem_send(raw, &bytes)
            guard count > 0 else {
                if count < 0 { failure = failure ?? .internalError("HTTP/2: \(count)") }
                return
            }
            output.append(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
        }
    }

    /// Whether the system has taken everything.
    var isSent: Bool {
        output.isEmpty && nghttp2_session_want_write(raw) == 0 && owner?.isSent ?? true
    }

    /// Everything is with the system.
    package func outputIsSent() {
        output.release()
        guard !flushing.isEmpty else { return }
        flushing.removeAll { stream in
            guard stream.outgoing.isEmpty else { return false }
            stream.flushed()
            return true
        }
    }

    /// Takes no more requests, and ends when those under way are done (RFC 9113, 6.8).
    package func drain() {
        guard !isDraining else { return }
        isDraining = true
        guard isServer else { return }
        nghttp2_submit_shutdown_notice(raw)
        // Whatever the client has sent before it hears of the end comes before the answer to this ping.
        nghttp2_submit_ping(raw, UInt8(NGHTTP2_FLAG_NONE.rawValue), nil)
        tell()
    }

    /// Ends at once, and says which requests were looked at.
    package func terminate() {
        nghttp2_session_terminate_session(raw, NGHTTP2_NO_ERROR.rawValue)
        tell()
    }

    /// A ping was answered.
    func answered() {
        guard isDraining, isServer else { return }
        nghttp2_submit_goaway(
            raw, UInt8(NGHTTP2_FLAG_NONE.rawValue), nghttp2_session_get_last_proc_stream_id(raw),
            NGHTTP2_NO_ERROR.rawValue, nil, 0)
    }

    /// The connection is gone: every stream ends.
    package func close(_ error: HTTPError) {
        failure = failure ?? error
        let open = streams.values
        streams = [:]
        flushing = []
        for stream in open {
            // What has begun is incomplete rather than unanswered.
            let isBegun = stream.response != nil && error == .connectionTerminated
            stream.close(isBegun ? .httpResponseIncomplete : error)
            owner?.closed(stream)
        }
    }

    /// The other end does what a connection must not bear.
    func refuse() -> CInt {
        failure = .httpProtocolError
        return CInt(NGHTTP2_ERR_CALLBACK_FAILURE.rawValue)
    }

    /// Says once that there is something to send.
    func tell() {
        guard !hasTold else { return }
        hasTold = true
        owner?.wantsToSend()
    }

    // MARK: - For clients

    /// Begins a request.
    ///
    /// - Throws: an ``HTTPError`` when the request cannot be written, or the connection takes none.
    package func request(_ request: HTTPRequest, hasBody: Bool) throws(HTTPError) -> HTTP2Stream {
        if let failure { throw failure }
        let stream = HTTP2Stream(0, self)
        let length = try HTTP1Writer.contentLength(request.fields)
        stream.method = request.method
        stream.begin(hasBody: hasBody, length: length)
        let writer = try HTTP2FieldWriter(request)
        var source = HTTP2Callbacks.source(stream)
        let id = writer.submit { fields, count in
            guard stream.hasBody else {
                return nghttp2_submit_request(raw, nil, fields, count, nil, stream.pointer)
            }
            return nghttp2_submit_request(raw, nil, fields, count, &source, stream.pointer)
        }
        guard id > 0 else { throw .connectionTerminated }
        stream.id = id
        streams[id] = stream
        tell()
        return stream
    }
}
