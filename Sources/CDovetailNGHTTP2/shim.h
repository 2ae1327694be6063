// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <sys/types.h>
#include <nghttp2/nghttp2.h>

// Not in every version that is in use; distributions have added it to older ones, so the version number does not tell.
void nghttp2_option_set_stream_reset_rate_limit(nghttp2_option *option, uint64_t burst, uint64_t rate)
    __attribute__((weak));

// Has resets counted by nobody but us: a client whose other requests are answered may reset more.
static inline void dovetail_nghttp2_count_no_resets(nghttp2_option *option) {
    if (nghttp2_option_set_stream_reset_rate_limit) {
        nghttp2_option_set_stream_reset_rate_limit(option, UINT64_MAX, UINT64_MAX);
    }
}
