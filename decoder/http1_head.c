/* http1_head.c
 * What the octets of one head of HTTP/1.1 say (RFC 9112 sections 2 to 6).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "http1_head.h"

#include <glib.h>
#include <string.h>

#include "wsclose/handshake.h"

#define METHOD_MAX 20
#define VERSION "HTTP/1."
#define VERSION_LEN (sizeof VERSION - 1)

static bool
is_blank(char octet)
{
    return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n';
}

static bool
is_separator(char octet)
{
    return octet == ',' || is_blank(octet);
}

static bool
is_digit(uint8_t octet)
{
    return octet >= '0' && octet <= '9';
}

static wsclose_slice
trimmed(wsclose_slice value)
{
    while (value.len > 0 && is_blank(value.data[0])) {
        value.data++;
        value.len--;
    }
    while (value.len > 0 && is_blank(value.data[value.len - 1]))
        value.len--;
    return value;
}

static wsclose_slice
slice_of(const uint8_t *octets, size_t from, size_t to)
{
    return (wsclose_slice){(const char *)octets + from, to - from};
}

/* Whether one of eight octets may be a control octet: below 0x20, or 0x7F. */
static bool
may_have_control(const uint8_t *octets)
{
    const uint64_t ones = UINT64_MAX / 0xFF;
    const uint64_t highs = ones * 0x80;
    uint64_t word;

    memcpy(&word, octets, sizeof word);
    const uint64_t del = word ^ ones * 0x7F;
    return ((((word - ones * 0x20) & ~word) | ((del - ones) & ~del)) & highs) != 0;
}

static bool
is_control(uint8_t octet)
{
    return (octet < 0x20 && octet != '\t' && octet != '\r') || octet == 0x7F;
}

bool
wsclose_http1_is_text(const uint8_t *octets, size_t len)
{
    size_t at = 0;

    while (at < len) {
        /* Eight at a time: targets are long. */
        const size_t step = MIN(len - at, sizeof(uint64_t));

        if (step < sizeof(uint64_t) || may_have_control(octets + at)) {
            for (size_t i = at; i < at + step; i++) {
                if (is_control(octets[i]))
                    return false;
            }
        }
        at += step;
    }
    return true;
}

/* Octets of a method, as all registered ones are (RFC 9110 section 16.1.1). */
static size_t
method_len(const uint8_t *octets, size_t len)
{
    size_t at = 0;

    while (at < len && at <= METHOD_MAX &&
           ((octets[at] >= 'A' && octets[at] <= 'Z') || (octets[at] == '-' && at > 0)))
        at++;
    return at;
}

static bool
request_prefix_fits(const uint8_t *octets, size_t len)
{
    const size_t method = method_len(octets, len);

    return method <= METHOD_MAX && (method == len || (method > 0 && octets[method] == ' '));
}

/* "HTTP/1.1 200", and a blank or the end of the line. */
static bool
status_prefix_fits(const uint8_t *octets, size_t len)
{
    static const char pattern[] = VERSION "0 100 ";
    const size_t there = MIN(len, sizeof pattern - 1);

    if (memcmp(octets, VERSION, MIN(len, VERSION_LEN)) != 0)
        return false;
    for (size_t at = VERSION_LEN; at < there; at++) {
        const uint8_t octet = octets[at];

        if (pattern[at] == ' ' && at + 1 == sizeof pattern - 1)
            return is_blank((char)octet);
        if (pattern[at] == ' ' ? octet != ' ' : !is_digit(octet) || octet < (uint8_t)pattern[at])
            return false;
    }
    return true;
}

bool
wsclose_http1_prefix_fits(const uint8_t *octets, size_t len, wsclose_http1_role role)
{
    return role == WSCLOSE_HTTP1_REQUESTS ? request_prefix_fits(octets, len)
                                          : status_prefix_fits(octets, len);
}

/* method SP request-target SP HTTP-version (RFC 9112 section 3). */
static bool
read_request_line(const uint8_t *line, size_t len, wsclose_http1_head *out)
{
    const size_t method = method_len(line, len);

    if (method == 0 || method > METHOD_MAX || method == len || line[method] != ' ')
        return false;
    while (is_blank((char)line[len - 1]))
        len--; /* ends at the method at the latest */
    if (len < method + 1 + VERSION_LEN + 1)
        return false;

    const size_t version = len - VERSION_LEN - 1;
    const wsclose_slice target = trimmed(slice_of(line, method, version));
    if (memcmp(line + version, VERSION, VERSION_LEN) != 0 || !is_digit(line[len - 1]) ||
        line[version - 1] != ' ' || target.len == 0)
        return false;
    out->method = slice_of(line, 0, method);
    out->target = target;
    return true;
}

/* HTTP-version SP status-code SP [reason-phrase] (RFC 9112 section 4); some omit the last SP. */
static bool
read_status_line(const uint8_t *line, size_t len, wsclose_http1_head *out)
{
    const size_t code = VERSION_LEN + 2;

    if (len < code + 3 || !status_prefix_fits(line, len))
        return false;
    out->status = (line[code] - '0') * 100u + (line[code + 1] - '0') * 10u + line[code + 2] - '0';
    return true;
}

static bool
read_start_line(const uint8_t *line, size_t len, wsclose_http1_role role, wsclose_http1_head *out)
{
    if (len > 0 && line[len - 1] == '\r')
        len--;
    if (len == 0 || memchr(line, '\r', len) || !wsclose_http1_is_text(line, len))
        return false;
    return role == WSCLOSE_HTTP1_REQUESTS ? read_request_line(line, len, out)
                                          : read_status_line(line, len, out);
}

bool
wsclose_http1_is_start_line(const uint8_t *octets, size_t len, wsclose_http1_role role)
{
    wsclose_http1_head unused = {0};

    return read_start_line(octets, len, role, &unused);
}

bool
wsclose_http1_begins(const uint8_t *octets, size_t len, wsclose_http1_role role)
{
    const uint8_t *lf;

    if (!wsclose_http1_prefix_fits(octets, len, role))
        return false;
    lf = memchr(octets, '\n', len);
    return lf ? wsclose_http1_is_start_line(octets, (size_t)(lf - octets), role)
              : wsclose_http1_is_text(octets, len);
}

/* Behind a header line and those folded into it (RFC 9112 section 5.2); 0 if it is not whole. */
static size_t
line_end(const uint8_t *octets, size_t at, size_t len)
{
    do {
        const uint8_t *lf = memchr(octets + at, '\n', len - at);

        if (!lf)
            return 0;
        at = (size_t)(lf - octets) + 1;
    } while (at < len && (octets[at] == ' ' || octets[at] == '\t'));
    return at;
}

/* A header that changes what its message is. */
typedef enum {
    FIELD_OTHER,
    FIELD_CONTENT_LENGTH,
    FIELD_TRANSFER_ENCODING,
    FIELD_UPGRADE,
    FIELD_KEY
} field;

/* The value behind a name and its colon. */
static bool
take_name(wsclose_slice line, wsclose_slice name, wsclose_slice *value)
{
    size_t at = name.len;

    if (line.len <= at || (line.data[at] != ':' && !is_blank(line.data[at])) ||
        g_ascii_strncasecmp(line.data, name.data, at) != 0)
        return false;
    while (at < line.len && is_blank(line.data[at]))
        at++;
    if (at == line.len || line.data[at] != ':')
        return false;
    *value = (wsclose_slice){line.data + at + 1, line.len - at - 1};
    return true;
}

#define NAME(text)                                                                                 \
    (wsclose_slice)                                                                                \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }

/* Most lines are decided by their first letter. */
static field
read_field(wsclose_slice line, wsclose_slice *value)
{
    switch (line.data[0] | 0x20) {
    case 'c':
        return take_name(line, NAME("content-length"), value) ? FIELD_CONTENT_LENGTH : FIELD_OTHER;
    case 's':
        return take_name(line, NAME("sec-websocket-key"), value) ? FIELD_KEY : FIELD_OTHER;
    case 't':
        return take_name(line, NAME("transfer-encoding"), value) ? FIELD_TRANSFER_ENCODING
                                                                 : FIELD_OTHER;
    case 'u':
        return take_name(line, NAME("upgrade"), value) ? FIELD_UPGRADE : FIELD_OTHER;
    default:
        return FIELD_OTHER;
    }
}

static bool
read_number(wsclose_slice text, uint64_t *out)
{
    uint64_t number = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (!is_digit((uint8_t)text.data[i]) || number > UINT64_MAX / 10 - 1)
            return false;
        number = number * 10 + (uint64_t)(text.data[i] - '0');
    }
    *out = number;
    return text.len > 0;
}

/* RFC 9112 section 6.3: a list of one and the same number is that number. */
static void
take_content_length(wsclose_http1_message *message, wsclose_slice value)
{
    bool more = true;

    while (more) {
        const char *comma = memchr(value.data, ',', value.len);
        const size_t len = comma ? (size_t)(comma - value.data) : value.len;
        uint64_t number = 0;

        if (!read_number(trimmed((wsclose_slice){value.data, len}), &number) ||
            (message->has_length && number != message->length))
            message->length_invalid = true;
        message->has_length = true;
        message->length = number;
        more = comma != NULL && !message->length_invalid;
        if (more)
            value = (wsclose_slice){comma + 1, value.len - len - 1};
    }
}

/* RFC 9112 section 6.1: what counts is the last coding of all of its lines. */
static void
take_transfer_encoding(wsclose_http1_message *message, wsclose_slice value)
{
    static const char chunked[] = "chunked";
    const size_t len = sizeof chunked - 1;

    message->has_coding = true;
    while (value.len > 0 && is_separator(value.data[value.len - 1]))
        value.len--;
    if (value.len == 0)
        return;
    message->chunked = value.len >= len &&
                       g_ascii_strncasecmp(value.data + value.len - len, chunked, len) == 0 &&
                       (value.len == len || is_separator(value.data[value.len - len - 1]));
}

static void
take_field(wsclose_http1_message *message, field name, wsclose_slice value,
           wsclose_http1_role role)
{
    if (name == FIELD_CONTENT_LENGTH)
        take_content_length(message, value);
    else if (name == FIELD_TRANSFER_ENCODING)
        take_transfer_encoding(message, value);
    else if (name == FIELD_UPGRADE)
        message->head.upgrades |= wsclose_upgrade_is_websocket(value);
    else if (role == WSCLOSE_HTTP1_REQUESTS)
        message->head.upgrades = true;
}

/* Header lines up to the empty one. Returns where that, or a line that is not whole, begins. */
static size_t
read_lines(const uint8_t *octets, size_t at, size_t len, wsclose_http1_role role,
           wsclose_http1_message *message)
{
    while (at < len) {
        const uint8_t *lf = memchr(octets + at, '\n', len - at);
        wsclose_slice value;

        if (!lf)
            break;
        size_t end = (size_t)(lf - octets) + 1;
        if (octets[at] == '\n' || (octets[at] == '\r' && end == at + 2)) {
            message->head.complete = true;
            break;
        }
        const field name = read_field(slice_of(octets, at, end), &value);
        if (name != FIELD_OTHER) {
            end = line_end(octets, at, len);
            if (end == 0)
                break;
            value.len = (size_t)((const char *)octets + end - value.data);
            take_field(message, name, value, role);
        }
        at = end;
    }
    return at;
}

static bool
is_method(wsclose_slice method, const char *name)
{
    return method.len == strlen(name) && memcmp(method.data, name, method.len) == 0;
}

static wsclose_http1_kind
request_kind(const wsclose_http1_head *head)
{
    if (is_method(head->method, "GET"))
        return head->upgrades ? WSCLOSE_HTTP1_UPGRADE : WSCLOSE_HTTP1_PLAIN;
    if (is_method(head->method, "HEAD"))
        return WSCLOSE_HTTP1_HEAD;
    return is_method(head->method, "CONNECT") ? WSCLOSE_HTTP1_CONNECT : WSCLOSE_HTTP1_PLAIN;
}

wsclose_http1_extent
wsclose_http1_head_read(const uint8_t *octets, size_t len, wsclose_http1_role role,
                        wsclose_http1_message *out, size_t *end)
{
    const uint8_t *lf = memchr(octets, '\n', len);

    *out = (wsclose_http1_message){0};
    if (!lf)
        return wsclose_http1_begins(octets, len, role) ? WSCLOSE_HTTP1_EXTENT_PART
                                                       : WSCLOSE_HTTP1_EXTENT_NONE;
    const size_t lines = (size_t)(lf - octets) + 1;
    if (!read_start_line(octets, lines - 1, role, &out->head))
        return WSCLOSE_HTTP1_EXTENT_NONE;
    const size_t at = read_lines(octets, lines, len, role, out);
    out->head.lines = slice_of(octets, lines, at);
    if (role == WSCLOSE_HTTP1_REQUESTS)
        out->head.kind = request_kind(&out->head);
    if (!out->head.complete)
        return WSCLOSE_HTTP1_EXTENT_PART;
    *end = octets[at] == '\n' ? at + 1 : at + 2;
    return WSCLOSE_HTTP1_EXTENT_WHOLE;
}

bool
wsclose_http1_header_next(wsclose_slice *lines, wsclose_slice *name, wsclose_slice *value)
{
    while (lines->len > 0) {
        const char *line = lines->data;
        const char *lf = memchr(line, '\n', lines->len);
        const size_t first = lf ? (size_t)(lf - line) : lines->len;
        const char *colon = memchr(line, ':', first);
        size_t end = line_end((const uint8_t *)line, 0, lines->len);

        if (end == 0)
            end = lines->len;
        lines->data += end;
        lines->len -= end;
        if (!colon || is_blank(*line) || colon == line)
            continue; /* a fold of no line, or no header */
        *name = trimmed((wsclose_slice){line, (size_t)(colon - line)});
        *value = trimmed((wsclose_slice){colon + 1, end - (size_t)(colon + 1 - line)});
        return true;
    }
    return false;
}
