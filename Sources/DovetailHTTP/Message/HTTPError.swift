// SPDX-License-Identifier: Apache-2.0

/// Why a message could not be exchanged; the one error of HTTP here.
///
/// The cases down to ``internalError(_:)`` are the `error-code` of `wasi:http/types`, in its order.
public enum HTTPError: Error, Sendable, Hashable {
    /// A field's name and size, as far as they are known.
    public struct FieldSize: Sendable, Hashable {
        /// The name.
        public var name: String?
        /// The size in bytes.
        public var size: UInt32?

        /// Describes a field.
        public init(name: String? = nil, size: UInt32? = nil) {
            self.name = name
            self.size = size
        }
    }

    /// The name server did not answer in time.
    case dnsTimeout
    /// The name server answered with an error.
    case dnsError(rcode: String?, infoCode: UInt16?)
    /// There is no such name.
    case destinationNotFound
    /// The destination cannot be used.
    case destinationUnavailable
    /// The address is not permitted.
    case destinationIPProhibited
    /// There is no route to the address.
    case destinationIPUnroutable
    /// The other end takes no connections.
    case connectionRefused
    /// The connection ended in the middle of a message.
    case connectionTerminated
    /// The connection was not made in time.
    case connectionTimeout
    /// The other end sent nothing for too long.
    case connectionReadTimeout
    /// The other end took nothing for too long.
    case connectionWriteTimeout
    /// There are too many connections.
    case connectionLimitReached
    /// The other end does not speak TLS as it should.
    case tlsProtocolError
    /// The other end's certificate is not trusted.
    case tlsCertificateError
    /// The other end ended TLS with an alert.
    case tlsAlertReceived(id: UInt8?, message: String?)
    /// The request is not permitted.
    case httpRequestDenied
    /// The request needs a length.
    case httpRequestLengthRequired
    /// The request's body has another size than was promised, or one that is not permitted.
    case httpRequestBodySize(UInt64?)
    /// The method is not valid.
    case httpRequestMethodInvalid
    /// The target is not valid.
    case httpRequestURIInvalid
    /// The target is too long.
    case httpRequestURITooLong
    /// The request's fields are too large together.
    case httpRequestHeaderSectionSize(UInt32?)
    /// A field of the request is too large.
    case httpRequestHeaderSize(FieldSize?)
    /// The request's trailers are too large together.
    case httpRequestTrailerSectionSize(UInt32?)
    /// A trailer of the request is too large.
    case httpRequestTrailerSize(FieldSize)
    /// The response ended before it was whole.
    case httpResponseIncomplete
    /// The response's fields are too large together.
    case httpResponseHeaderSectionSize(UInt32?)
    /// A field of the response is too large.
    case httpResponseHeaderSize(FieldSize)
    /// The response's body has another size than was promised, or one that is not permitted.
    case httpResponseBodySize(UInt64?)
    /// The response's trailers are too large together.
    case httpResponseTrailerSectionSize(UInt32?)
    /// A trailer of the response is too large.
    case httpResponseTrailerSize(FieldSize)
    /// The response has a transfer coding that is not supported.
    case httpResponseTransferCoding(String?)
    /// The response has a content coding that is not supported.
    case httpResponseContentCoding(String?)
    /// The response did not come in time.
    case httpResponseTimeout
    /// The other end did not change the protocol.
    case httpUpgradeFailed
    /// The other end does not speak HTTP as it should.
    case httpProtocolError
    /// The request has come back to where it was.
    case loopDetected
    /// The configuration does not permit it.
    case configurationError
    /// Anything else.
    case internalError(String?)

    /// A request that a server answers itself with a status, closing the connection.
    case refused(status: UInt16, reason: String)
    /// A field whose name or value cannot be written.
    case invalidField(name: String)
}
