// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailHTTP
import DovetailTestSupport
import Testing

@Suite(
    "The matrix service in Python",
    .enabled(if: PythonComponent.isBuildable, "componentize-py is not there and cannot be fetched"))
struct PythonServiceTests {
    private func post(_ text: String, _ target: String = "/multiply", method: String = "POST") async throws -> Answer {
        let probe = try Probe(of: try await PythonComponent.service.get().1) {
            $0.limits.maximumMemory = nil
            $0.limits.timeout = nil
            $0.reuse = 10
        }
        return try await probe.answer { try MemoryExchange(target, method: method, text: text) }
    }

    @Test("multiplies what is posted to it")
    func product() async throws {
        let answer = try await post("[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]")
        #expect(answer.status == 200)
        #expect(answer.fields["content-type"] == "application/json")
        #expect(answer.text == "[[19, 22], [43, 50]]\n")
    }

    @Test(
        "refuses what it cannot multiply",
        arguments: [
            ("[[[1, 2]], [[1, 2]]]", "/multiply", "POST", 400), ("[[", "/multiply", "POST", 400),
            ("", "/multiply", "GET", 405), ("", "/", "POST", 404),
        ] as [(String, String, String, UInt16)])
    func refusals(_ text: String, _ target: String, _ method: String, _ status: UInt16) async throws {
        let answer = try await post(text, target, method: method)
        #expect(answer.status == status)
        #expect(answer.text?.hasPrefix("{\"error\": ") == true)
    }
}
