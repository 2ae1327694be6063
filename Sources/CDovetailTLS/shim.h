// SPDX-License-Identifier: Apache-2.0
// OpenSSL's TLS. What OpenSSL has as macros, Swift sees as functions.
#pragma once
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

enum {
    DOVETAIL_TLS_ALERT_OFFSET = SSL_AD_REASON_OFFSET,
    DOVETAIL_TLS_LIB_SSL = ERR_LIB_SSL,
    DOVETAIL_TLS_LIB_SYS = ERR_LIB_SYS,
};

// TLS 1.2 and 1.3, nothing that is known to be weak, and buffers only while there is something in them.
static inline int dovetail_tls_configure(SSL_CTX *context) {
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(
        context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
}

// Hands every session that can be resumed to a callback; OpenSSL itself keeps none.
static inline void dovetail_tls_keep_sessions(SSL_CTX *context, int (*take)(SSL *, SSL_SESSION *)) {
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context, take);
}

static inline int dovetail_tls_set_server_name(SSL *session, const char *name) {
    return (int)SSL_set_tlsext_host_name(session, name);
}

// Nothing to read, or no room to write: the caller tries again later.
static inline void dovetail_tls_retry_read(BIO *bio) { BIO_set_retry_read(bio); }
static inline void dovetail_tls_clear_retry(BIO *bio) { BIO_clear_retry_flags(bio); }
static inline int dovetail_tls_is_flush(int command) { return command == BIO_CTRL_FLUSH; }

static inline int dovetail_tls_error_library(unsigned long code) { return ERR_GET_LIB(code); }
static inline int dovetail_tls_error_reason(unsigned long code) { return ERR_GET_REASON(code); }
