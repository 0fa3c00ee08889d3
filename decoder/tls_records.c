/* tls_records.c
 * Records of TLS in one direction.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tls_records.h"

#include <glib.h>
#include <string.h>

/* The longest that any version allows (RFC 5246 section 6.2.3). */
#define RECORD_MAX (16384 + 2048)

bool
tls_records_begin(const uint8_t *octets, size_t len)
{
    if (octets[0] < TLS_CHANGE_CIPHER_SPEC || octets[0] > TLS_APPLICATION_DATA)
        return false;
    if (len >= 2 && octets[1] != 3)
        return false;
    if (len >= 3 && octets[2] > 4)
        return false;
    return len < TLS_HEADER_LEN || (octets[3] << 8 | octets[4]) <= RECORD_MAX;
}

static size_t
record_len(const tls_records *records)
{
    return (size_t)records->header[3] << 8 | records->header[4];
}

/* RFC 8446 section 4: a ClientHello or ServerHello that fills the record at hand, and so is in
 * clear. */
static bool
is_hello(const tls_records *records)
{
    const uint8_t *message = records->message;
    const size_t len = (size_t)message[1] << 16 | (size_t)message[2] << 8 | message[3];

    return records->header[0] == TLS_HANDSHAKE && records->message_len == TLS_MESSAGE_HEADER_LEN &&
           (message[0] == 1 || message[0] == 2) &&
           len + TLS_MESSAGE_HEADER_LEN == record_len(records);
}

static void
count(tls_records *records, uint32_t end)
{
    records->ends[records->encrypted % TLS_RECENT] = end;
    records->encrypted++;
    records->last_type = records->header[0];
    records->last_len = (uint16_t)record_len(records);
    records->longest = MAX(records->longest, records->last_len);
}

/* RFC 8446 section 6: a level, a description. The one of close_notify is no fault. */
static void
keep_alert(tls_records *records)
{
    const wsclose_slice content = { (const char *)records->message, records->message_len };
    uint8_t description;

    if (records->message_len != record_len(records) ||
        !tls_plaintext_is_fatal(content, &description))
        return;
    records->has_alert = true;
    records->alert = description;
}

/* RFC 5246 section 7.1: what follows ChangeCipherSpec is encrypted, and so is all application
 * data. */
static void
end_record(tls_records *records, uint32_t end)
{
    /* RFC 8446 appendix D.4: in TLS 1.3 a ChangeCipherSpec means nothing, and may stand before the
     * second hello of a side. */
    if (is_hello(records))
        records->has_cipher = false;
    switch (records->header[0]) {
    case TLS_CHANGE_CIPHER_SPEC:
        records->has_cipher = true;
        break;
    case TLS_APPLICATION_DATA:
        count(records, end);
        break;
    default:
        if (records->has_cipher) {
            count(records, end);
            records->has_finished_1_2 |= records->header[0] == TLS_HANDSHAKE;
        } else if (records->header[0] == TLS_ALERT) {
            keep_alert(records);
        }
        break;
    }
    records->header_len = 0;
}

static void
take_header(tls_records *records, wsclose_octets *input, uint32_t end)
{
    const size_t more = MIN(input->captured, (size_t)(TLS_HEADER_LEN - records->header_len));

    memcpy(records->header + records->header_len, input->data, more);
    records->header_len += (uint8_t)more;
    input->data += more;
    input->captured -= more;
    if (records->header_len < TLS_HEADER_LEN)
        return;
    records->left = (uint16_t)record_len(records);
    records->message_len = 0;
    records->lost = !tls_records_begin(records->header, TLS_HEADER_LEN);
    if (!records->lost && records->left == 0)
        end_record(records, end - (uint32_t)(input->captured + input->lacking));
}

static void
keep_message(tls_records *records, const wsclose_octets *input)
{
    const size_t wanted =
        MIN((size_t)records->left, (size_t)(TLS_MESSAGE_HEADER_LEN - records->message_len));
    const size_t more = MIN(input->captured, wanted);

    if (more > 0)
        memcpy(records->message + records->message_len, input->data, more);
    records->message_len += (uint8_t)more;
}

/* Pass over content; of octets that the capture lacks too, since its length is known. */
static void
take_content(tls_records *records, wsclose_octets *input, uint32_t end)
{
    const size_t there = MIN(input->captured, (size_t)records->left);

    keep_message(records, input);
    if (there > 0)
        input->data += there;
    input->captured -= there;
    records->left -= (uint16_t)there;
    if (input->captured == 0) {
        const uint64_t lacking = MIN(input->lacking, (uint64_t)records->left);

        input->lacking -= lacking;
        records->left -= (uint16_t)lacking;
    }
    if (records->left == 0)
        end_record(records, end - (uint32_t)(input->captured + input->lacking));
}

void
tls_records_take(tls_records *records, wsclose_octets input, uint32_t end)
{
    while (!records->lost && (input.captured > 0 || input.lacking > 0)) {
        if (records->header_len == TLS_HEADER_LEN)
            take_content(records, &input, end);
        else if (input.captured > 0)
            take_header(records, &input, end);
        else
            records->lost = true;
    }
}

/* RFC 8446 section 4, RFC 5246 section 7.4: messages that come encrypted, renegotiation aside. */
static bool
is_handshake_type(uint8_t type)
{
    static const uint8_t types[] = { 4, 5, 8, 11, 13, 15, 16, 20, 22, 24, 25 };

    return memchr(types, type, sizeof types) != NULL;
}

/* Messages of a handshake that fill the record exactly. */
static bool
is_handshake(wsclose_slice plaintext)
{
    const uint8_t *octets = (const uint8_t *)plaintext.data;
    size_t left = plaintext.len;

    while (left >= 4) {
        const size_t len = (size_t)octets[1] << 16 | (size_t)octets[2] << 8 | octets[3];

        if (!is_handshake_type(octets[0]) || len > left - 4)
            return false;
        octets += 4 + len;
        left -= 4 + len;
    }
    return left == 0;
}

/* RFC 8446 section 6: a level, a description. */
static bool
is_alert(wsclose_slice plaintext)
{
    return plaintext.len == 2 && (plaintext.data[0] == 1 || plaintext.data[0] == 2);
}

bool
tls_plaintext_is_application(wsclose_slice plaintext)
{
    return plaintext.len > 0 && !is_alert(plaintext) && !is_handshake(plaintext);
}

bool
tls_plaintext_is_fatal(wsclose_slice plaintext, uint8_t *description)
{
    enum { WARNING = 1, CLOSE_NOTIFY = 0, USER_CANCELED = 90, NO_RENEGOTIATION = 100 };

    if (!is_alert(plaintext))
        return false;
    *description = (uint8_t)plaintext.data[1];
    /* TLS 1.3 goes by the description alone, and most of its senders say "fatal" all the same. */
    return plaintext.data[0] != WARNING && *description != CLOSE_NOTIFY &&
           *description != USER_CANCELED && *description != NO_RENEGOTIATION;
}
