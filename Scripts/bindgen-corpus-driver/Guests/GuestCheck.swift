// SPDX-License-Identifier: Apache-2.0

import Dovetail
import Foundation

/// Requests to a component that says hello and echoes, and the right answers.
enum GuestCheck {
    struct Request {
        var isPost = false
        var path: String
        var body: [UInt8] = []
    }

    /// The component that the command line names.
    static func component(_ engine: Engine) throws -> Component {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: CommandLine.arguments[1]))
        return try Component(engine: engine, bytes: [UInt8](bytes))
    }

    /// Sends the requests; ends the process when an answer is wrong.
    static func run(_ send: (Request) throws -> (status: UInt16, body: [UInt8])) throws {
        let echoed = Array("körper\n".utf8) + [0, 255]
        let requests = [Request(path: "/"), Request(isPost: true, path: "/echo", body: echoed)]
        for request in requests {
            var (status, body) = try send(request)
            if !request.isPost, body.last == 10 { body.removeLast() }
            guard status == 200, body == (request.isPost ? echoed : Array("Hello, World!".utf8)) else {
                print("`\(request.path)`: status \(status), \(String(decoding: body, as: UTF8.self).debugDescription)")
                exit(1)
            }
        }
    }
}
