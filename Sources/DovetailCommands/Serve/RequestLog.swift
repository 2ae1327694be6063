// SPDX-License-Identifier: Apache-2.0

import DovetailHTTP
import DovetailSystem

/// The log of `dovetail serve`: a line for each request, and for each line that a guest prints.
final class RequestLog: Sendable {
    private let format: ServeOptions.LogFormat
    private let writer: LogWriter

    init(_ format: ServeOptions.LogFormat, to output: OwnedDescriptor) throws(SystemError) {
        self.format = format
        writer = try LogWriter(output)
    }

    func stop() { writer.stop() }

    /// How a request went.
    func add(_ outcome: RequestOutcome) {
        let isError = outcome.fault != nil && outcome.fault != .clientGone
        if format == .none, !isError { return }
        var line = LogLine(isJSON: format == .json, isError ? "error" : "info", "request")
        line.add("id", outcome.id)
        line.add("method", outcome.method)
        line.add("path", outcome.target)
        if let status = outcome.status { line.add("status", UInt64(status)) }
        line.add("bytes", outcome.bytes)
        line.add("ms", milliseconds: outcome.duration)
        line.add("peer", outcome.peer.address.description)
        if outcome.isCut { line.add("cut", "true") }
        if let fault = outcome.fault { line.add("fault", fault.rawValue) }
        if let cause = outcome.cause { line.add("cause", cause) }
        writer.add(line.finished())
    }

    /// What a guest printed.
    func add(_ printed: GuestLine) {
        var line = LogLine(isJSON: format == .json, printed.isError ? "warn" : "info", "guest")
        line.add("id", printed.request)
        line.add("stream", printed.isError ? "stderr" : "stdout")
        line.add("line", printed.text)
        writer.add(line.finished())
    }
}

/// A line under construction: `TIME LEVEL KIND name=value …`, or an object of JSON.
struct LogLine {
    private let isJSON: Bool
    private var bytes: [UInt8] = []

    init(isJSON: Bool, _ level: String, _ kind: String) {
        self.isJSON = isJSON
        bytes.reserveCapacity(256)
        let time = LogTime.text(SystemClock.wall)
        if isJSON {
            append("{\"time\":\"\(time)\",\"level\":\"\(level)\",\"kind\":\"\(kind)\"")
        } else {
            append("\(time) \(level) \(kind)")
        }
    }

    mutating func add(_ name: String, _ number: UInt64) {
        begin(name)
        append("\(number)")
    }

    mutating func add(_ name: String, milliseconds nanoseconds: UInt64) {
        begin(name)
        let thousandths = nanoseconds / 1000
        let fraction = "\(thousandths % 1000)"
        append("\(thousandths / 1000).\(String(repeating: "0", count: 3 - fraction.utf8.count))\(fraction)")
    }

    mutating func add(_ name: String, _ text: String) {
        begin(name)
        // Text without spaces stands as it is; what could be mistaken is quoted.
        let isPlain =
            !isJSON && !text.isEmpty
            && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        if isPlain { append(text) } else { quote(text) }
    }

    consuming func finished() -> [UInt8] {
        if isJSON { bytes.append(UInt8(ascii: "}")) }
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    private mutating func begin(_ name: String) {
        append(isJSON ? ",\"\(name)\":" : " \(name)=")
    }

    private mutating func append(_ text: String) { bytes += text.utf8 }

    /// A string of JSON (RFC 8259, 7).
    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case UInt8(ascii: "\t"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
            case 0..<0x20, 0x7F:
                let digits = Array("0123456789abcdef".utf8)
                bytes += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

/// Times as RFC 3339 writes them, in UTC.
enum LogTime {
    static func text(_ time: SystemTime) -> String {
        let (days, second) = time.seconds.quotientAndRemainder(dividingBy: 86_400)
        let (day, rest) = second < 0 ? (days - 1, second + 86_400) : (days, second)
        let date = civil(day)
        return
            "\(date.year)-\(two(date.month))-\(two(date.day))T\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))."
            + three(Int64(time.nanoseconds / 1_000_000)) + "Z"
    }

    /// The date of a day, counted from 1970-01-01, in the Gregorian calendar: years begin in March here, so that leap days end them.
    static func civil(_ day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        // In eras of 400 years, which all have the same number of days.
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        )
    }

    private static func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    private static func three(_ number: Int64) -> String {
        number < 10 ? "00\(number)" : number < 100 ? "0\(number)" : "\(number)"
    }
}
