// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailValidation

extension ComponentBinary {
    /// The bytes of the component, which was decoded from `bytes`, with other core modules in the places of those in `modules`.
    package func encoded(_ bytes: [UInt8], replacing modules: [Range<Int>: [UInt8]]) -> [UInt8] {
        ComponentEncoder.encode(self, source: bytes, modules: modules)
    }
}
