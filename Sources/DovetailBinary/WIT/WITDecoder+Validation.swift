// SPDX-License-Identifier: Apache-2.0

package import DovetailBinaryReader
import DovetailValidation
package import DovetailWITBinary

extension WITDecoder {
    /// Reads the WIT of a component, of a WIT package in binary form, or of a core module's `component-type` sections.
    ///
    /// The component is validated with `features` first; when these are `nil` it is not.
    ///
    /// - Throws: a ``BinaryError`` when the bytes cannot be decoded, break a rule, or describe what WIT cannot express.
    package static func decode(
        _ bytes: UnsafeRawBufferPointer, validating features: ComponentFeatures? = .all
    ) throws(BinaryError) -> DecodedWIT {
        guard let features else { return try decode(bytes, checking: nil) }
        return try decode(bytes) { (binary, bytes) throws(BinaryError) in
            _ = try ComponentValidator.validate(binary, bytes: bytes, features: features)
        }
    }

    /// Reads the WIT of a binary; see ``decode(_:validating:)-(UnsafeRawBufferPointer,_)``.
    package static func decode(
        _ bytes: [UInt8], validating features: ComponentFeatures? = .all
    ) throws(BinaryError) -> DecodedWIT {
        let result = bytes.withUnsafeBytes { buffer -> Result<DecodedWIT, BinaryError> in
            do throws(BinaryError) {
                return .success(try decode(buffer, validating: features))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}
