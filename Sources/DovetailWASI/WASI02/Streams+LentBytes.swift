// SPDX-License-Identifier: Apache-2.0

@_spi(Bindings) import Dovetail
import DovetailABI

extension WASI02.Streams {
    /// Defines `write` anew, so that sinks of the host are given the bytes where they lie in the guest's memory; a stream that a host
    /// implements by itself is given a copy.
    static func defineWrite(in linker: inout Linker) {
        typealias Reply = ResultCodec<EmptyCodec, ResultErrorCodec<StreamError.Codec>>
        linker.define(
            "[method]output-stream.write", in: "wasi:io/streams@\(WASI02.version)",
            parameters: Tuple2Codec<HostLentCodec<any OutputStream>, LentBytesCodec>.self, result: Reply.self
        ) { _, parameters in
            try Reply.reporting {
                try parameters.0.with { stream in
                    if let stream = stream as? WASIOutputStream {
                        try stream.write(lent: parameters.1)
                    } else {
                        try stream.write(contents: Array(parameters.1))
                    }
                }
                return Empty()
            }
        }
    }
}
