// SPDX-License-Identifier: Apache-2.0

import DovetailBindgen
import DovetailFiles

/// The tool that the build plugins run: `dovetail bindgen` for hosts in Swift, and no more than that, because each package with a
/// plugin compiles it anew.
@main
enum BindgenTool {
    static func main() {
        ThisProcess.reportFileSizeLimit()
        do {
            try ToolArguments.request(ToolArguments.words()).run(BindgenServices(print: print))
        } catch let lines as DiagnosticLines {
            end(lines.text, 1)
        } catch let misuse as ToolArguments.Misuse {
            end("error: \(misuse.message)\n", 2)
        } catch let error as SystemError where error == .brokenPipe {
            end("", 1)
        } catch {
            let message = "\(error)"
            end((message.hasPrefix("error: ") ? "" : "error: ") + message + "\n", 1)
        }
    }

    private static func print(_ text: String) throws(SystemError) {
        try Array(text.utf8).withRawBytes { (bytes) throws(SystemError) in
            try StandardDescriptors.output.writeAll(bytes)
        }
    }

    private static func end(_ text: String, _ code: Int32) -> Never {
        _ = try? Array(text.utf8).withRawBytes { (bytes) throws(SystemError) in
            try StandardDescriptors.error.writeAll(bytes)
        }
        ThisProcess.exit(code)
    }
}
