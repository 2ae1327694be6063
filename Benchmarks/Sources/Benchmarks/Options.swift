// SPDX-License-Identifier: Apache-2.0

/// The command line.
struct Options {
    static let usage = """
        usage: Benchmarks [--filter TEXT] [--quick] [--json FILE] [--python FILE] [--python-calls OURS THEIRS]

          --filter TEXT  only benchmarks whose name contains TEXT
          --quick        fewer rounds: for a look, not for keeping
          --json FILE    also writes the results as JSON, times in nanoseconds
          --python FILE  the component of `python-second-start`, which Scripts/bench makes
          --python-calls OURS THEIRS
                         two components of the world `python`, of which Scripts/bench-python makes one with componentize-py;
                         then only these are measured
        """

    var filter: String?
    var quick = false
    var json: String?
    var python: String?
    var pythonCalls: (ours: String, theirs: String)?
    var help = false

    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        func value(of option: String) throws -> String {
            guard let value = rest.popFirst() else { throw BareError("\(option) needs a value\n\n\(Self.usage)") }
            return value
        }
        while let argument = rest.popFirst() {
            switch argument {
            case "--filter": filter = try value(of: argument)
            case "--quick": quick = true
            case "--json": json = try value(of: argument)
            case "--python": python = try value(of: argument)
            case "--python-calls": pythonCalls = (try value(of: argument), try value(of: argument))
            case "--help", "-h": help = true
            default: throw BareError("there is no option `\(argument)`\n\n\(Self.usage)")
            }
        }
    }
}
