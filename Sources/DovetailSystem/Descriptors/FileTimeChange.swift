// SPDX-License-Identifier: Apache-2.0

internal import CDovetailSystem
import DovetailFiles

/// What becomes of one of a file's times.
package enum FileTimeChange: Sendable {
    /// It stays as it is.
    case keep
    /// It becomes the present.
    case now
    /// It becomes this.
    case time(SystemTime)

    var raw: dovetail_sys_time {
        switch self {
        case .keep: .init(seconds: 0, nanoseconds: Int64(DOVETAIL_TIME_OMIT))
        case .now: .init(seconds: 0, nanoseconds: Int64(DOVETAIL_TIME_NOW))
        case .time(let time): .init(seconds: time.seconds, nanoseconds: Int64(time.nanoseconds))
        }
    }
}
