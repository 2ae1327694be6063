// SPDX-License-Identifier: Apache-2.0

import DovetailGuest

extension Command.Run: Command.Run.Exports {
    static func run() throws(Empty) {
        for argument in Program.arguments.dropFirst() { print("argument: \(argument)") }
        if let greeting = Program.variable("GREETING") { print("greeting: \(greeting)") }
        while let line = StandardInput.readLine() { print("line: \(line)") }

        do throws(FileError) {
            try Files.makeDirectory("/data/notes")
            try Files.write(Array("one\n".utf8), to: "/data/notes/list.txt")
            try Files.append(Array("two\n".utf8), to: "/data/notes/list.txt")
            print("file: \(try Files.read("/data/notes/list.txt").count) bytes")
            for name in try Files.names(in: "/data/notes") { print("name: \(name)") }
            try Files.remove("/data/notes/list.txt")
            try Files.removeDirectory("/data/notes")
            print("there: \(Files.exists("/data/notes"))")
            _ = try Files.read("/data/nothing")
        } catch {
            print("error: \(error)")
        }

        let start = Clocks.monotonic
        Clocks.sleep(nanoseconds: 2_000_000)
        print("slept: \(Clocks.monotonic &- start >= 2_000_000)")
        print("after 2020: \(Clocks.wall.seconds > 1_577_836_800)")
        var numbers = SecureRandomNumberGenerator()
        print("dice: \((1...6).contains(Int.random(in: 1...6, using: &numbers))), \(numbers.bytes(4).count) bytes")
        StandardError.write("done\n")
    }
}
