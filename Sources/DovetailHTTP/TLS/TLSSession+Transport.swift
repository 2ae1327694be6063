// SPDX-License-Identifier: Apache-2.0

extension TLSSession: TransportSecurity {
    package var protocolName: String? { applicationProtocol?.rawValue }

    package var outputCount: Int { output.count }

    package func withOutput(_ body: (UnsafeRawBufferPointer) throws(HTTPError) -> Int) throws(HTTPError) {
        output.removeFirst(try body(output.bytes))
        output.release()
    }
}
