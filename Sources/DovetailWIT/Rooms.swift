// SPDX-License-Identifier: Apache-2.0

// Reading WIT is a room of its own, so that the build plugin's tool does not compile what else is done with WIT.
@_exported import DovetailWITReader
