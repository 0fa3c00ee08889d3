/* tls_records.h
 * Records of TLS (RFC 8446 section 5, RFC 5246 section 6.2) in one direction: how many were sent
 * encrypted, to be held against those that somebody has decrypted; and what decrypted ones are.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_TLS_RECORDS_H
#define WSCLOSE_TLS_RECORDS_H

#include "wsclose/types.h"

/* RFC 8446 section 5.1: content types. */
enum { TLS_CHANGE_CIPHER_SPEC = 20, TLS_ALERT = 21, TLS_HANDSHAKE = 22, TLS_APPLICATION_DATA = 23 };

enum {
    TLS_HEADER_LEN = 5,
    TLS_MESSAGE_HEADER_LEN = 4, /* of a handshake message */
    TLS_RECENT = 8              /* records whose ends are kept */
};

/* One direction; all zeros is one of which nothing has come. */
typedef struct {
    uint32_t encrypted;        /* records that have ended */
    uint32_t ends[TLS_RECENT]; /* sequence numbers after the latest of them, by their number */
    uint16_t left;             /* octets of the record at hand still to come */
    uint8_t header[TLS_HEADER_LEN];
    uint8_t header_len;                      /* octets of it that have come */
    uint8_t message[TLS_MESSAGE_HEADER_LEN]; /* what the record at hand begins with */
    uint8_t message_len;                     /* octets of it that have come */
    bool has_cipher;                         /* ChangeCipherSpec has come, and counts */
    bool has_finished_1_2; /* an encrypted handshake record follows it, as in TLS 1.2 and before */
    bool lost;             /* it is not known where a record begins */
    bool has_alert;        /* one in clear that is fatal has come */
    uint8_t alert;         /* its description (RFC 8446 section 6) */
    uint8_t last_type;     /* of the latest encrypted record: its content type, */
    uint16_t last_len;     /* and its length */
    uint16_t longest;      /* of the encrypted records since somebody set it to 0 */
} tls_records;

/* Whether octets begin a record, as far as there are any; at least one. */
bool tls_records_begin(const uint8_t *octets, size_t len);

/* Take octets.
 *
 *  end  sequence number of TCP after them */
void tls_records_take(tls_records *records, wsclose_octets input, uint32_t end);

/* Whether the plaintext of a record is application data: neither handshake messages nor an
 * alert, which TLS 1.3 sends in records of that type too. */
bool tls_plaintext_is_application(wsclose_slice plaintext);

/* Whether it is an alert that ends the connection at once (RFC 8446 section 6.2), and in
 * *description which one: not close_notify, which ends it in order, or user_canceled. */
bool tls_plaintext_is_fatal(wsclose_slice plaintext, uint8_t *description);

#endif
