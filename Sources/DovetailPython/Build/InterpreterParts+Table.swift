// SPDX-License-Identifier: Apache-2.0

// Written by `Scripts/interpreter-parts`.

extension InterpreterPart {
    /// The SHA-256 of the library that the numbers are of.
    static let library = "0ab4ec14447dc6a983de96b294d904a9a2b77126a1b96ff1a6ae340c72405549"

    /// What apps may do without.
    static let all = [
        InterpreterPart(
            name: "sqlite3",
            modules: ["_sqlite3"],
            // 1089266 bytes of code.
            functions: [5579..<5727, 9309..<10615, 10617..<10621, 10622..<10625],
            data: []),
        InterpreterPart(
            name: "unicodedata",
            modules: ["unicodedata"],
            // 16249 bytes of code.
            functions: [7210..<7237],
            data: [1214112..<1921696]),
        InterpreterPart(
            name: "codecs",
            modules: [
                "_codecs_cn", "_codecs_hk", "_codecs_iso2022", "_codecs_jp", "_codecs_kr", "_codecs_tw",
                "_multibytecodec",
            ],
            // 59119 bytes of code.
            functions: [7056..<7083, 7085..<7133, 7134..<7161, 7162..<7210],
            data: [623392..<1214112]),
        InterpreterPart(
            name: "xml",
            modules: ["pyexpat", "_elementtree"],
            // 179723 bytes of code.
            functions: [
                6878..<6885, 6915..<6937, 6938..<6947, 6948..<7039, 7040..<7056, 8961..<8991, 9012..<9013, 9017..<9025,
                9027..<9031, 9032..<9130, 9136..<9138, 9139..<9141, 9147..<9148, 9180..<9208, 9209..<9246,
            ],
            data: []),
        InterpreterPart(
            name: "zlib",
            modules: ["zlib"],
            // 89243 bytes of code.
            functions: [6692..<6731, 9246..<9248, 9253..<9309],
            data: []),
        InterpreterPart(
            name: "hashes",
            modules: ["_hmac", "_blake2", "_sha3"],
            // 82829 bytes of code.
            functions: [
                6787..<6797, 6798..<6878, 8608..<8634, 8635..<8637, 8642..<8644, 8646..<8647, 8652..<8654, 8655..<8663,
                8664..<8670, 8676..<8677, 8678..<8679, 8685..<8686, 8687..<8689, 8692..<8696, 8699..<8701, 8702..<8735,
            ],
            data: []),
    ]
}
