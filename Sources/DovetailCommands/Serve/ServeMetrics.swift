// SPDX-License-Identifier: Apache-2.0

import DovetailHTTP
import DovetailSystem
import Synchronization

/// What is counted of requests, as Prometheus reads it (text format 0.0.4).
final class ServeMetrics: Sendable {
    private struct State {
        var statuses: [UInt16: UInt64] = [:]
        var faults: [RequestOutcome.Fault: UInt64] = [:]
        var buckets = [UInt64](repeating: 0, count: ServeMetrics.bounds.count + 1)
        /// In nanoseconds.
        var sum: UInt64 = 0
        var bytes: UInt64 = 0
        var requests: UInt64 = 0
        var reloads: [Bool: UInt64] = [:]
    }

    /// The upper bounds of the histogram's buckets, in nanoseconds.
    fileprivate static let bounds: [UInt64] = [
        100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000, 100_000_000,
        250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000, 5_000_000_000, 10_000_000_000,
    ]

    private let state = Mutex(State())

    /// How many requests there were.
    var requests: UInt64 { state.withLock { $0.requests } }

    func add(_ outcome: RequestOutcome) {
        let bucket = Self.bounds.firstIndex { outcome.duration <= $0 } ?? Self.bounds.count
        state.withLock { state in
            state.requests += 1
            if let status = outcome.status { state.statuses[status, default: 0] += 1 }
            if let fault = outcome.fault { state.faults[fault, default: 0] += 1 }
            state.buckets[bucket] += 1
            state.sum &+= outcome.duration
            state.bytes &+= outcome.bytes
        }
    }

    func addReload(succeeded: Bool) { state.withLock { $0.reloads[succeeded, default: 0] += 1 } }

    /// What goes up and down.
    struct Gauges {
        var active = 0
        var waiting = 0
        var instances = 0
        var connections = 0
        var residentBytes: Int?
    }

    /// Everything, as text.
    func text(_ gauges: Gauges) -> String {
        let state = state.withLock { $0 }
        var text = MetricsText()
        text.family("dovetail_requests_total", "counter", "Requests that were answered, by status.")
        for (status, count) in state.statuses.sorted(by: { $0.key < $1.key }) {
            text.sample("dovetail_requests_total", "code=\"\(status)\"", "\(count)")
        }
        text.family("dovetail_faults_total", "counter", "Requests that went wrong, by kind.")
        for fault in RequestOutcome.Fault.allCases {
            text.sample("dovetail_faults_total", "kind=\"\(fault.rawValue)\"", "\(state.faults[fault] ?? 0)")
        }
        text.family("dovetail_request_duration_seconds", "histogram", "How long requests took.")
        var total: UInt64 = 0
        for (bound, count) in zip(Self.bounds, state.buckets) {
            total += count
            text.sample("dovetail_request_duration_seconds_bucket", "le=\"\(MetricsText.seconds(bound))\"", "\(total)")
        }
        text.sample("dovetail_request_duration_seconds_bucket", "le=\"+Inf\"", "\(state.requests)")
        text.sample("dovetail_request_duration_seconds_sum", nil, MetricsText.seconds(state.sum))
        text.sample("dovetail_request_duration_seconds_count", nil, "\(state.requests)")
        text.family("dovetail_response_bytes_total", "counter", "Bytes of bodies that guests wrote.")
        text.sample("dovetail_response_bytes_total", nil, "\(state.bytes)")
        text.family("dovetail_reloads_total", "counter", "How often the component was read again.")
        for succeeded in [true, false] {
            text.sample(
                "dovetail_reloads_total", "result=\"\(succeeded ? "ok" : "failed")\"",
                "\(state.reloads[succeeded] ?? 0)")
        }
        for (name, help, value) in [
            ("dovetail_requests_active", "Requests that are being answered.", gauges.active),
            ("dovetail_requests_waiting", "Requests that wait for others to be answered.", gauges.waiting),
            ("dovetail_instances", "Instances of the component.", gauges.instances),
            ("dovetail_connections", "Open connections.", gauges.connections),
        ] {
            text.family(name, "gauge", help)
            text.sample(name, nil, "\(value)")
        }
        if let bytes = gauges.residentBytes {
            text.family("process_resident_memory_bytes", "gauge", "Memory of the process.")
            text.sample("process_resident_memory_bytes", nil, "\(bytes)")
        }
        return text.text
    }
}

private struct MetricsText {
    private(set) var text = ""

    mutating func family(_ name: String, _ type: String, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    mutating func sample(_ name: String, _ labels: String?, _ value: String) {
        text += name
        if let labels { text += "{\(labels)}" }
        text += " \(value)\n"
    }

    /// Nanoseconds as seconds, exactly.
    static func seconds(_ nanoseconds: UInt64) -> String {
        let (whole, part) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        guard part > 0 else { return "\(whole)" }
        var digits = "\(part)"
        digits = String(repeating: "0", count: 9 - digits.utf8.count) + digits
        while digits.last == "0" { digits.removeLast() }
        return "\(whole).\(digits)"
    }
}
