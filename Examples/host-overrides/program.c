// SPDX-License-Identifier: Apache-2.0

#include "program.h"
#include <stdlib.h>
#include <string.h>

static wasi_cli_stdout_own_output_stream_t output;

static void put(const uint8_t *bytes, size_t length) {
    program_list_u8_t contents = {(uint8_t *)bytes, length};
    wasi_io_streams_stream_error_t error;
    if (!wasi_io_streams_method_output_stream_blocking_write_and_flush(
            wasi_io_streams_borrow_output_stream(output), &contents, &error)) {
        abort();
    }
}

void exports_program_run(void) {
    output = wasi_cli_stdout_get_stdout();
    program_list_tuple2_string_string_t variables;
    wasi_cli_environment_get_environment(&variables);
    for (size_t i = 0; i < variables.len; i++) {
        program_tuple2_string_string_t *variable = &variables.ptr[i];
        put(variable->f0.ptr, variable->f0.len);
        put((const uint8_t *)"=", 1);
        put(variable->f1.ptr, variable->f1.len);
        put((const uint8_t *)"\n", 1);
    }
    program_list_tuple2_string_string_free(&variables);
    wasi_io_streams_output_stream_drop_own(output);
}
