/* http1.c
 * Messages of HTTP/1.1 out of octets that come in any cut (RFC 9112).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/http1.h"

#include <glib.h>
#include <string.h>

#include "http1_head.h"
#include "octets.h"

#define KEPT_MIN 1024
#define PLAIN_MAX 1024 /* octets of header lines that are known again */

/* Where a direction is. */
enum {
    AT_START, /* between messages */
    IN_HEAD,  /* kept in part */
    IN_BODY,  /* of known length */
    AT_CHUNK, /* before the first digit of its size */
    IN_CHUNK_SIZE,
    IN_CHUNK_EXTENSION, /* the rest of that line */
    IN_CHUNK,
    AFTER_CHUNK, /* before its CRLF */
    AFTER_CHUNK_CR,
    IN_TRAILER,
    IN_REST, /* a body that reaches to the end of the stream */
    TAKEN_OVER
};

/* Where header or trailer lines are. */
enum { LINE_START, LINE_START_CR, IN_LINE };

void
wsclose_http1_init(wsclose_http1 *reader, wsclose_http1_role role)
{
    *reader = (wsclose_http1){ .role = role & 1 };
}

void
wsclose_http1_clear(wsclose_http1 *reader)
{
    g_free(reader->kept);
    g_free(reader->plain);
    wsclose_http1_init(reader, (wsclose_http1_role)reader->role);
}

/* What was kept of a head that has ended. */
static void
free_kept(wsclose_http1 *reader)
{
    if (!reader->kept || reader->state == IN_HEAD)
        return;
    g_free(reader->kept);
    reader->kept = NULL;
    reader->kept_len = 0;
}

bool
wsclose_http1_is_within_head(const wsclose_http1 *reader)
{
    return reader->state == IN_HEAD;
}

/* A head that was yielded stays: it is borrowed until the next call. */
static void
lose(wsclose_http1 *reader, wsclose_octets *input)
{
    reader->lost = true;
    reader->state = AT_START;
    *input = (wsclose_octets){ 0 };
}

static bool
has_no_body(unsigned status, wsclose_http1_kind answers)
{
    return status < 200 || status == 204 || status == 304 || answers == WSCLOSE_HTTP1_HEAD;
}

static bool
is_taken_over(unsigned status, wsclose_http1_kind answers)
{
    return status == 101 || (answers == WSCLOSE_HTTP1_CONNECT && status >= 200 && status <= 299);
}

/* The same over octets that stand where a message should begin, and begin none. */
static void
lose_over_octets(wsclose_http1 *reader, wsclose_octets *input)
{
    lose(reader, input);
    reader->not_http = true;
}

/* What follows a head before the next one, and how long it is (RFC 9112 section 6.3). */
static void
begin_body(wsclose_http1 *reader, const http1_message *message, wsclose_http1_kind answers,
           wsclose_octets *input)
{
    const bool response = reader->role == WSCLOSE_HTTP1_RESPONSES;
    const bool chunked = message->has_coding && message->chunked;

    reader->state = AT_START;
    if (response && is_taken_over(message->head.status, answers)) {
        reader->state = TAKEN_OVER;
    } else if (response && has_no_body(message->head.status, answers)) {
        return;
    } else if (chunked) {
        reader->state = AT_CHUNK;
    } else if (message->has_coding ? !response : message->length_invalid) {
        lose(reader, input);
    } else if (message->has_length && !message->has_coding) {
        reader->state = message->length > 0 ? IN_BODY : AT_START;
        reader->left = message->length;
    } else if (response) {
        reader->state = IN_REST;
    }
}

/* Octets up to the end of the empty line that ends header or trailer lines, or all. */
static size_t
pass_lines(uint8_t *line, const uint8_t *octets, size_t len, bool *ended)
{
    size_t at = 0;

    *ended = false;
    while (at < len && !*ended) {
        const uint8_t octet = octets[at];

        if (*line != IN_LINE && octet == '\n') {
            *ended = true;
            at++;
        } else if (*line == LINE_START && octet == '\r') {
            *line = LINE_START_CR;
            at++;
        } else {
            const uint8_t *lf = memchr(octets + at, '\n', len - at);

            *line = lf ? LINE_START : IN_LINE;
            at = lf ? (size_t)(lf - octets) + 1 : len;
        }
    }
    return at;
}

static size_t
pass_kept_lines(wsclose_http1 *reader, const uint8_t *octets, size_t len, bool *ended)
{
    uint8_t line = reader->line;
    const size_t passed = pass_lines(&line, octets, len, ended);

    reader->line = line & 3;
    return passed;
}

/* Octets that are allocated for so many of a head. */
static size_t
capacity_for(size_t len)
{
    size_t capacity = KEPT_MIN;

    while (capacity < len)
        capacity *= 2;
    return capacity;
}

static void
keep(wsclose_http1 *reader, const uint8_t *octets, size_t len)
{
    const size_t needed = reader->kept_len + len;

    if (!reader->kept || capacity_for(needed) > capacity_for(reader->kept_len))
        reader->kept = g_realloc(reader->kept, capacity_for(needed));
    if (len > 0)
        memcpy(reader->kept + reader->kept_len, octets, len);
    reader->kept_len = (uint32_t)needed;
}

/* Whether what is kept may be a head, so that what is none is not kept for long.
 *
 * from  octets before it were looked at before */
static bool
may_be_head(wsclose_http1 *reader, size_t from)
{
    const wsclose_http1_role role = (wsclose_http1_role)reader->role;
    const uint8_t *lf;

    if (reader->has_start_line)
        return true;
    lf = memchr(reader->kept + from, '\n', reader->kept_len - from);
    if (!lf)
        return http1_prefix_fits(reader->kept, reader->kept_len, role) &&
               http1_is_text(reader->kept + from, reader->kept_len - from);
    reader->has_start_line = true;
    return http1_is_start_line(reader->kept, (size_t)(lf - reader->kept), role);
}

/* The kept head, which has ended or is cut. Returns whether there is anything to yield of it. */
static bool
yield_kept(wsclose_http1 *reader, wsclose_octets *input, wsclose_http1_kind answers,
           wsclose_http1_head *out)
{
    http1_message message;
    size_t end;
    const http1_extent extent =
        http1_head_read(reader->kept, reader->kept_len, (wsclose_http1_role)reader->role,
                        (wsclose_slice){ 0 }, &message, &end);

    if (extent == HTTP1_EXTENT_WHOLE)
        begin_body(reader, &message, answers, input);
    else if (extent == HTTP1_EXTENT_NONE)
        lose_over_octets(reader, input);
    else
        lose(reader, input);
    if (extent == HTTP1_EXTENT_NONE || !reader->has_start_line)
        return false;
    *out = message.head;
    return true;
}

/* More of a head that lies in several inputs. */
static bool
take_kept(wsclose_http1 *reader, wsclose_octets *input, wsclose_http1_kind answers,
          wsclose_http1_head *out)
{
    const size_t had = reader->kept_len;
    const size_t more = MIN(input->captured, WSCLOSE_HTTP1_HEAD_MAX - had);
    bool ended;
    const size_t len = pass_kept_lines(reader, input->data, more, &ended);

    keep(reader, input->data, len);
    octets_pass(input, len);
    if (!may_be_head(reader, had)) {
        lose_over_octets(reader, input);
        return false;
    }
    if (ended || reader->kept_len == WSCLOSE_HTTP1_HEAD_MAX ||
        (input->captured == 0 && input->lacking > 0))
        return yield_kept(reader, input, answers, out);
    return false;
}

/* RFC 9112 section 2.2; a CR without its LF is passed over too. */
static void
pass_empty_lines(wsclose_octets *input)
{
    while (input->captured > 0 && (*input->data == '\r' || *input->data == '\n'))
        octets_pass(input, 1);
}

/* Keep header lines that say nothing of their message, unless they are too long.
 *
 *  end  of the empty line behind them */
static void
know_again(wsclose_http1 *reader, const http1_message *message, const uint8_t *end)
{
    const uint8_t *lines = (const uint8_t *)message->head.lines.data;
    const size_t len = (size_t)(end - lines);

    if (len == reader->plain_len || len > PLAIN_MAX)
        return;
    reader->plain = g_realloc(reader->plain, len);
    reader->plain_len = (uint16_t)len;
    memcpy(reader->plain, lines, len);
}

static bool
take_first(wsclose_http1 *reader, wsclose_octets *input, wsclose_http1_kind answers,
           wsclose_http1_head *out)
{
    http1_message message;
    http1_extent extent = HTTP1_EXTENT_NONE;
    size_t end;

    pass_empty_lines(input);
    if (input->captured > 0)
        extent = http1_head_read(input->data, MIN(input->captured, WSCLOSE_HTTP1_HEAD_MAX),
                                 (wsclose_http1_role)reader->role,
                                 (wsclose_slice){ (const char *)reader->plain, reader->plain_len },
                                 &message, &end);
    else if (input->lacking == 0)
        return false;
    if (extent == HTTP1_EXTENT_NONE) {
        if (input->captured > 0)
            lose_over_octets(reader, input);
        else
            lose(reader, input);
        return false;
    }
    if (extent == HTTP1_EXTENT_PART) {
        reader->state = IN_HEAD;
        reader->line = IN_LINE;
        reader->has_start_line = false;
        return take_kept(reader, input, answers, out);
    }
    if (http1_is_plain(&message))
        know_again(reader, &message, input->data + end);
    octets_pass(input, end);
    *out = message.head;
    begin_body(reader, &message, answers, input);
    return true;
}

/* A body, or a chunk, whose length is known: captured or not, its octets are counted. */
static void
take_known(wsclose_http1 *reader, wsclose_octets *input)
{
    const size_t there = (size_t)MIN(input->captured, reader->left);

    octets_pass(input, there);
    reader->left -= there;
    if (reader->left > 0) {
        const uint64_t lacking = MIN(input->lacking, reader->left);

        input->lacking -= lacking;
        reader->left -= lacking;
    }
    if (reader->left == 0)
        reader->state = reader->state == IN_BODY ? AT_START : AFTER_CHUNK;
}

void
wsclose_http1_pass_body(wsclose_http1 *reader, wsclose_octets *input)
{
    if (reader->state == IN_BODY && !reader->lost)
        take_known(reader, input);
}

static bool
ends_size(char octet)
{
    return octet == ';' || octet == '\r' || octet == '\n' || octet == ' ' || octet == '\t';
}

/* chunk-size [chunk-ext] (RFC 9112 section 7.1): one octet of its digits. */
static void
take_size(wsclose_http1 *reader, wsclose_octets *input)
{
    const int digit = g_ascii_xdigit_value((char)*input->data);

    if (digit >= 0) {
        if (reader->state == AT_CHUNK)
            reader->left = 0;
        if (reader->left >> 60 != 0) {
            lose(reader, input);
            return;
        }
        reader->left = reader->left << 4 | (unsigned)digit;
        reader->state = IN_CHUNK_SIZE;
        octets_pass(input, 1);
    } else if (reader->state == IN_CHUNK_SIZE && ends_size((char)*input->data)) {
        reader->state = IN_CHUNK_EXTENSION;
    } else {
        lose(reader, input);
    }
}

static void
take_extension(wsclose_http1 *reader, wsclose_octets *input)
{
    const uint8_t *lf = memchr(input->data, '\n', input->captured);

    if (lf) {
        reader->state = reader->left > 0 ? IN_CHUNK : IN_TRAILER;
        reader->line = LINE_START;
    }
    octets_pass(input, lf ? (size_t)(lf - input->data) + 1 : input->captured);
}

static void
take_chunk_end(wsclose_http1 *reader, wsclose_octets *input)
{
    if (*input->data == '\n') {
        reader->state = AT_CHUNK;
        octets_pass(input, 1);
    } else if (*input->data == '\r' && reader->state == AFTER_CHUNK) {
        reader->state = AFTER_CHUNK_CR;
        octets_pass(input, 1);
    } else {
        lose(reader, input);
    }
}

static void
take_trailer(wsclose_http1 *reader, wsclose_octets *input)
{
    bool ended;

    octets_pass(input, pass_kept_lines(reader, input->data, input->captured, &ended));
    if (ended)
        reader->state = AT_START;
}

/* Some of what follows a head. Uses up octets, goes on to another state, or loses the reader. */
static void
take_body(wsclose_http1 *reader, wsclose_octets *input)
{
    if (reader->state == IN_BODY || reader->state == IN_CHUNK)
        take_known(reader, input);
    else if (reader->state == TAKEN_OVER)
        *input = (wsclose_octets){ 0 };
    else if (input->captured == 0)
        lose(reader, input);
    else if (reader->state == AT_CHUNK || reader->state == IN_CHUNK_SIZE)
        take_size(reader, input);
    else if (reader->state == IN_CHUNK_EXTENSION)
        take_extension(reader, input);
    else if (reader->state == IN_TRAILER)
        take_trailer(reader, input);
    else if (reader->state == IN_REST)
        octets_pass(input, input->captured);
    else
        take_chunk_end(reader, input);
}

/* RFC 9110 section 9, RFC 5789: the rest of one, as "NECT", reads as a method too. */
static bool
begins_with_method(const uint8_t *octets, size_t len)
{
    static const char *const methods[] = { "GET ",     "HEAD ",    "POST ",  "PUT ",  "DELETE ",
                                           "CONNECT ", "OPTIONS ", "TRACE ", "PATCH " };

    for (size_t i = 0; i < G_N_ELEMENTS(methods); i++) {
        const size_t method_len = strlen(methods[i]);

        if (len >= method_len && memcmp(octets, methods[i], method_len) == 0)
            return true;
    }
    return false;
}

/* Whether octets begin with a start line, and are enough for that not to be by chance. */
static bool
resumes(const wsclose_http1 *reader, const wsclose_octets *input)
{
    static const size_t version_len = sizeof "HTTP/1." - 1;
    const size_t len = input->captured;

    if (len == 0 || !wsclose_http1_begins(input->data, len, (wsclose_http1_role)reader->role))
        return false;
    return reader->role == WSCLOSE_HTTP1_REQUESTS ? begins_with_method(input->data, len)
                                                  : len >= version_len;
}

bool
wsclose_http1_next(wsclose_http1 *reader, wsclose_octets *input, wsclose_http1_kind answers,
                   wsclose_http1_head *out)
{
    free_kept(reader);
    if (reader->lost)
        reader->lost = !resumes(reader, input);
    reader->not_http &= reader->lost;
    if (reader->lost)
        *input = (wsclose_octets){ 0 };
    while (input->captured > 0 || input->lacking > 0) {
        bool yielded = false;

        if (reader->state == AT_START)
            yielded = take_first(reader, input, answers, out);
        else if (reader->state == IN_HEAD)
            yielded = take_kept(reader, input, answers, out);
        else
            take_body(reader, input);
        if (yielded)
            return true;
    }
    free_kept(reader);
    *input = (wsclose_octets){ 0 };
    return false;
}

static unsigned
kind_shift(uint32_t place)
{
    return place % 32 * 2;
}

static void
set_kind(wsclose_http1_pairing *pairing, uint32_t place, wsclose_http1_kind kind)
{
    uint64_t *kinds = &pairing->kinds[place / 32];

    *kinds = (*kinds & ~((uint64_t)3 << kind_shift(place))) | (uint64_t)kind << kind_shift(place);
}

void
wsclose_http1_asked(wsclose_http1_pairing *pairing, wsclose_http1_kind kind)
{
    if (pairing->waiting < WSCLOSE_HTTP1_WAITING_MAX)
        set_kind(pairing, (pairing->first + pairing->waiting) % WSCLOSE_HTTP1_WAITING_MAX, kind);
    if (pairing->waiting < UINT32_MAX)
        pairing->waiting++;
}

wsclose_http1_kind
wsclose_http1_answers(const wsclose_http1_pairing *pairing)
{
    if (pairing->waiting == 0)
        return WSCLOSE_HTTP1_PLAIN;
    return (wsclose_http1_kind)(pairing->kinds[pairing->first / 32] >> kind_shift(pairing->first) &
                                3);
}

wsclose_http1_kind
wsclose_http1_answered(wsclose_http1_pairing *pairing, unsigned status)
{
    const wsclose_http1_kind kind = wsclose_http1_answers(pairing);

    if ((status < 200 && status != 101) || pairing->waiting == 0)
        return kind;
    /* Its place is next that of a request that came when all places were taken. */
    set_kind(pairing, pairing->first, WSCLOSE_HTTP1_PLAIN);
    pairing->first = (pairing->first + 1) % WSCLOSE_HTTP1_WAITING_MAX;
    pairing->waiting--;
    return kind;
}
