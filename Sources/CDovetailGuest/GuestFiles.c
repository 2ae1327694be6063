// SPDX-License-Identifier: Apache-2.0

#include "CDovetailGuest.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

// The compiler reads the files (`#embed`, C23). This list is made by `BLESS=1 swift test --filter GuestFileTests`.

static const unsigned char file0[] = {
#embed "../DovetailGuest/C/allocator.c"
};
static const unsigned char file1[] = {
#embed "../DovetailGuest/C/foreign.c"
};
static const unsigned char file2[] = {
#embed "../DovetailGuest/C/int128.c"
};
static const unsigned char file3[] = {
#embed "../DovetailGuest/C/memory.c"
};
static const unsigned char file4[] = {
#embed "../DovetailGuest/C/panic.c"
};
static const unsigned char file5[] = {
#embed "../DovetailGuest/C/random.c"
};
static const unsigned char file6[] = {
#embed "../DovetailGuest/C/realloc.c"
};
static const unsigned char file7[] = {
#embed "../DovetailGuest/C/runtime.h"
};
static const unsigned char file8[] = {
#embed "../DovetailGuest/C/unicode-none.c"
};
static const unsigned char file9[] = {
#embed "../DovetailGuest/Swift/Arena.swift"
};
static const unsigned char file10[] = {
#embed "../DovetailGuest/Swift/CollectionCodecs.swift"
};
static const unsigned char file11[] = {
#embed "../DovetailGuest/Swift/ComponentCodec.swift"
};
static const unsigned char file12[] = {
#embed "../DovetailGuest/Swift/LabelCodecs.swift"
};
static const unsigned char file13[] = {
#embed "../DovetailGuest/Swift/ListCodec.swift"
};
static const unsigned char file14[] = {
#embed "../DovetailGuest/Swift/Resources.swift"
};
static const unsigned char file15[] = {
#embed "../DovetailGuest/Swift/ScalarCodecs.swift"
};
static const unsigned char file16[] = {
#embed "../DovetailGuest/Swift/StandardOutput.swift"
};
static const unsigned char file17[] = {
#embed "../DovetailGuest/Swift/StringCodec.swift"
};
static const unsigned char file18[] = {
#embed "../DovetailGuest/Swift/VariantCodecs.swift"
};
static const unsigned char file19[] = {
#embed "../DovetailGuest/WASI/Clocks.swift"
};
static const unsigned char file20[] = {
#embed "../DovetailGuest/WASI/FileError.swift"
};
static const unsigned char file21[] = {
#embed "../DovetailGuest/WASI/Files.swift"
};
static const unsigned char file22[] = {
#embed "../DovetailGuest/WASI/HTTPClient.swift"
};
static const unsigned char file23[] = {
#embed "../DovetailGuest/WASI/HTTPError.swift"
};
static const unsigned char file24[] = {
#embed "../DovetailGuest/WASI/HTTPImports.swift"
};
static const unsigned char file25[] = {
#embed "../DovetailGuest/WASI/HTTPServer.swift"
};
static const unsigned char file26[] = {
#embed "../DovetailGuest/WASI/Program.swift"
};
static const unsigned char file27[] = {
#embed "../DovetailGuest/WASI/RandomNumbers.swift"
};
static const unsigned char file28[] = {
#embed "../DovetailGuest/WASI/StreamHandles.swift"
};
static const unsigned char file29[] = {
#embed "../DovetailWASI/wit/deps/cli.wit"
};
static const unsigned char file30[] = {
#embed "../DovetailWASI/wit/deps/clocks.wit"
};
static const unsigned char file31[] = {
#embed "../DovetailWASI/wit/deps/filesystem.wit"
};
static const unsigned char file32[] = {
#embed "../DovetailWASI/wit/deps/io.wit"
};
static const unsigned char file33[] = {
#embed "../DovetailWASI/wit/deps/random.wit"
};
static const unsigned char file34[] = {
#embed "../DovetailWASI/wit/deps/sockets.wit"
};
static const unsigned char file35[] = {
#embed "../DovetailHTTP/wit/deps/clocks.wit"
};
static const unsigned char file36[] = {
#embed "../DovetailHTTP/wit/deps/http.wit"
};
static const unsigned char file37[] = {
#embed "../DovetailHTTP/wit/deps/io.wit"
};

static const DovetailGuestFile files[] = {
    {"C/allocator.c", file0, sizeof(file0)},
    {"C/foreign.c", file1, sizeof(file1)},
    {"C/int128.c", file2, sizeof(file2)},
    {"C/memory.c", file3, sizeof(file3)},
    {"C/panic.c", file4, sizeof(file4)},
    {"C/random.c", file5, sizeof(file5)},
    {"C/realloc.c", file6, sizeof(file6)},
    {"C/runtime.h", file7, sizeof(file7)},
    {"C/unicode-none.c", file8, sizeof(file8)},
    {"Swift/Arena.swift", file9, sizeof(file9)},
    {"Swift/CollectionCodecs.swift", file10, sizeof(file10)},
    {"Swift/ComponentCodec.swift", file11, sizeof(file11)},
    {"Swift/LabelCodecs.swift", file12, sizeof(file12)},
    {"Swift/ListCodec.swift", file13, sizeof(file13)},
    {"Swift/Resources.swift", file14, sizeof(file14)},
    {"Swift/ScalarCodecs.swift", file15, sizeof(file15)},
    {"Swift/StandardOutput.swift", file16, sizeof(file16)},
    {"Swift/StringCodec.swift", file17, sizeof(file17)},
    {"Swift/VariantCodecs.swift", file18, sizeof(file18)},
    {"Swift/Clocks.swift", file19, sizeof(file19)},
    {"Swift/FileError.swift", file20, sizeof(file20)},
    {"Swift/Files.swift", file21, sizeof(file21)},
    {"Swift/HTTPClient.swift", file22, sizeof(file22)},
    {"Swift/HTTPError.swift", file23, sizeof(file23)},
    {"Swift/HTTPImports.swift", file24, sizeof(file24)},
    {"Swift/HTTPServer.swift", file25, sizeof(file25)},
    {"Swift/Program.swift", file26, sizeof(file26)},
    {"Swift/RandomNumbers.swift", file27, sizeof(file27)},
    {"Swift/StreamHandles.swift", file28, sizeof(file28)},
    {"WIT/cli.wit", file29, sizeof(file29)},
    {"WIT/clocks.wit", file30, sizeof(file30)},
    {"WIT/filesystem.wit", file31, sizeof(file31)},
    {"WIT/io.wit", file32, sizeof(file32)},
    {"WIT/random.wit", file33, sizeof(file33)},
    {"WIT/sockets.wit", file34, sizeof(file34)},
    {"WIT/clocks.wit", file35, sizeof(file35)},
    {"WIT/http.wit", file36, sizeof(file36)},
    {"WIT/io.wit", file37, sizeof(file37)},
};

const DovetailGuestFile *dovetail_guest_files(void) { return files; }
size_t dovetail_guest_file_count(void) { return sizeof(files) / sizeof(*files); }
