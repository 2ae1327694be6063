// SPDX-License-Identifier: Apache-2.0

// What streams and clocks wait for, which users name who write their own: `Readiness`, `ReadinessSignal`.
@_exported public import DovetailSystem
