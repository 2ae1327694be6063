// SPDX-License-Identifier: Apache-2.0

import DovetailFiles
internal import Synchronization

extension EventLoop {
    /// Makes a loop with a thread of its own; of its name, 15 bytes are shown.
    ///
    /// - Throws: an error of the system's when it has no more threads or descriptors.
    public convenience init(threadNamed name: String) throws {
        try self.init()
        try start(named: name)
    }

    /// Drives the loop on a thread of its own.
    package func start(named name: String) throws(SystemError) {
        try SystemThread.start(name) { [self] in run() }
    }

    /// The loop on which code waits that is on none; its thread is started by the first use.
    package static let shared = Result { () throws(SystemError) in
        let loop = try EventLoop()
        try loop.start(named: "dovetail-loop")
        return loop
    }

    /// The loop of this thread, or else the shared one.
    package static var nearest: EventLoop {
        get throws(SystemError) {
            if let current { return current }
            return try shared.get()
        }
    }

    /// Loops for threads that block, which drive one themselves as long as they do.
    private static let idle = Mutex<[EventLoop]>([])

    /// Runs `body` with a loop that this thread may drive; the same one as long as no other thread blocks.
    static func borrowing<Success>(
        _ body: (EventLoop) throws(SystemError) -> Success
    ) throws(SystemError) -> Success {
        let known = idle.withLock { $0.popLast() }
        let loop = if let known { known } else { try EventLoop() }
        let outer = loop.enter()
        defer {
            loop.leave(outer)
            idle.withLock { if $0.count < 64 { $0.append(loop) } }
        }
        return try body(loop)
    }
}
