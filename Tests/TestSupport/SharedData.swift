// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The shared conformance data: every test, tool and script that uses it finds it by this rule.
package enum SharedData {
    /// The folder, `nil` where there is none: the one that `DOVETAIL_SHARED` names, else `shared` beside the checkout.
    ///
    /// A folder that `DOVETAIL_SHARED` names is taken even when it does not exist, so that tests fail instead of being skipped.
    package static let folder: DataFolder? = {
        if let named = getenv("DOVETAIL_SHARED"), named.pointee != 0 {
            return DataFolder(path: String(cString: named))
        }
        let beside = DataFolder(path: TestFiles.root + "/../shared")
        return beside.exists ? beside : nil
    }()

    /// Whether tests that need the data run.
    package static var isPresent: Bool { folder != nil }

    /// Why tests that need the data are skipped.
    package static let hint = "there is no conformance data beside the checkout, and DOVETAIL_SHARED is not set"

    /// The folder of one suite.
    package static func suite(_ name: String) -> DataFolder {
        DataFolder(path: (folder?.path ?? "") + "/conformance/" + name)
    }
}
