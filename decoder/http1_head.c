/* http1_head.c
 * What the octets of one head of HTTP/1.1 say (RFC 9112 sections 2 to 6).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "http1_head.h"

#include <glib.h>
#include <string.h>

#include "field_text.h"
#include "wsclose/handshake.h"

#define METHOD_MAX 20
#define DIGITS_MAX 18 /* of a number that surely has room */
#define VERSION "HTTP/1."
#define VERSION_LEN (sizeof VERSION - 1)

static bool
is_digit(uint8_t octet)
{
    return octet >= '0' && octet <= '9';
}

static wsclose_slice
slice_of(const uint8_t *octets, size_t from, size_t to)
{
    return (wsclose_slice){ (const char *)octets + from, to - from };
}

bool
http1_is_text(const uint8_t *octets, size_t len)
{
    /* Some targets have other control octets, and servers take them. */
    return memchr(octets, '\0', len) == NULL;
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
    static const char most[] = VERSION "1 200 ";

    if (len >= sizeof most - 1 && memcmp(octets, most, sizeof most - 1) == 0)
        return true;
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
http1_prefix_fits(const uint8_t *octets, size_t len, wsclose_http1_role role)
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
    while (line[len - 1] == ' ' || line[len - 1] == '\t')
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
    if (!http1_is_text(line, len))
        return false;
    return role == WSCLOSE_HTTP1_REQUESTS ? read_request_line(line, len, out)
                                          : read_status_line(line, len, out);
}

bool
http1_is_start_line(const uint8_t *octets, size_t len, wsclose_http1_role role)
{
    wsclose_http1_head unused = { 0 };

    return read_start_line(octets, len, role, &unused);
}

bool
wsclose_http1_begins(const uint8_t *octets, size_t len, wsclose_http1_role role)
{
    const uint8_t *lf;

    if (!http1_prefix_fits(octets, len, role))
        return false;
    lf = memchr(octets, '\n', len);
    return lf ? http1_is_start_line(octets, (size_t)(lf - octets), role)
              : http1_is_text(octets, len);
}

/* Behind lines folded into the one before end (RFC 9112 section 5.2); 0 if one is not whole. */
static size_t
folds_end(const uint8_t *octets, size_t end, size_t len)
{
    while (end < len && (octets[end] == ' ' || octets[end] == '\t')) {
        const uint8_t *lf = memchr(octets + end, '\n', len - end);

        if (!lf)
            return 0;
        end = (size_t)(lf - octets) + 1;
    }
    return end;
}

/* A line that changes what its message is. */
typedef enum {
    FIELD_OTHER,
    FIELD_CONTENT_LENGTH,
    FIELD_TRANSFER_ENCODING,
    FIELD_UPGRADE,
    FIELD_KEY,
    FIELD_END /* the empty line */
} field;

static const struct {
    const char *name; /* as most write it */
    uint8_t len;
} fields[] = {
    [FIELD_CONTENT_LENGTH] = { "Content-Length", 14 },
    [FIELD_TRANSFER_ENCODING] = { "Transfer-Encoding", 17 },
    [FIELD_UPGRADE] = { "Upgrade", 7 },
    [FIELD_KEY] = { "Sec-WebSocket-Key", 17 },
};

/* What a line may be by its first octet, which decides most of them. */
static const uint8_t field_of_first[UINT8_MAX + 1] = {
    ['C'] = FIELD_CONTENT_LENGTH,
    ['c'] = FIELD_CONTENT_LENGTH,
    ['S'] = FIELD_KEY,
    ['s'] = FIELD_KEY,
    ['T'] = FIELD_TRANSFER_ENCODING,
    ['t'] = FIELD_TRANSFER_ENCODING,
    ['U'] = FIELD_UPGRADE,
    ['u'] = FIELD_UPGRADE,
    ['\r'] = FIELD_END,
    ['\n'] = FIELD_END,
};

/* Whether a line is of that field, and where its colon is. */
static bool
is_field(const char *line, size_t len, field name, size_t *colon)
{
    const char *text = fields[name].name;
    size_t at = fields[name].len;

    if (len <= at || (line[at] != ':' && line[at] != ' ' && line[at] != '\t'))
        return false;
    /* The last letter is compared first: "Cache-Control: " is as long as "Content-Length:". */
    if (((line[at - 1] ^ text[at - 1]) & ~0x20) != 0 ||
        (memcmp(line, text, at) != 0 && g_ascii_strncasecmp(line, text, at) != 0))
        return false;
    while (at < len && is_blank(line[at]))
        at++;
    *colon = at;
    return at < len && line[at] == ':';
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

/* One number, as almost all are: digits up to the end of the line. Returns whether it is one. */
static bool
take_digits(http1_message *message, wsclose_slice value)
{
    const size_t from = value.len > 0 && value.data[0] == ' ';
    uint64_t number = 0;
    size_t at = from;

    for (; at < value.len && at < from + DIGITS_MAX && is_digit((uint8_t)value.data[at]); at++)
        number = number * 10 + (uint64_t)(value.data[at] - '0');
    if (at == from || message->has_length || value.len - at != 2 || value.data[at] != '\r')
        return false;
    message->has_length = true;
    message->length = number;
    return true;
}

/* RFC 9112 section 6.3: a list of one and the same number is that number. */
static void
take_content_length(http1_message *message, wsclose_slice value)
{
    bool more = !take_digits(message, value);

    while (more) {
        const char *comma = memchr(value.data, ',', value.len);
        const size_t len = comma ? (size_t)(comma - value.data) : value.len;
        uint64_t number = 0;

        if (!read_number(trimmed((wsclose_slice){ value.data, len }), &number) ||
            (message->has_length && number != message->length))
            message->length_invalid = true;
        message->has_length = true;
        message->length = number;
        more = comma != NULL && !message->length_invalid;
        if (more)
            value = (wsclose_slice){ comma + 1, value.len - len - 1 };
    }
}

/* RFC 9112 section 6.1: what counts is the last coding of all of its lines. */
static void
take_transfer_encoding(http1_message *message, wsclose_slice value)
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
take_field(http1_message *message, field name, wsclose_slice value, wsclose_http1_role role)
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

/* The first of lines, and those folded into it, where it is of that field. Returns where it ends; 0
 * if one folded into it is not whole.
 *
 * end  of the first line alone */
static size_t
take_line(http1_message *message, field name, wsclose_slice lines, size_t end,
          wsclose_http1_role role)
{
    const uint8_t *octets = (const uint8_t *)lines.data;
    size_t colon;

    if (!is_field(lines.data, end, name, &colon))
        return end;
    end = folds_end(octets, end, lines.len);
    if (end > 0)
        take_field(message, name, slice_of(octets, colon + 1, end), role);
    return end;
}

/* Header lines up to the empty one. Returns where that, or a line that is not whole, begins. */
static size_t
read_lines(const uint8_t *octets, size_t at, size_t len, wsclose_http1_role role,
           http1_message *message)
{
    while (at < len) {
        const uint8_t *lf = memchr(octets + at, '\n', len - at);
        const field name = (field)field_of_first[octets[at]];

        if (!lf)
            break;
        size_t line = (size_t)(lf - octets) + 1 - at;
        if (name == FIELD_END) {
            message->head.complete = octets[at] == '\n' || line == 2;
            if (message->head.complete)
                break;
        } else if (name != FIELD_OTHER) {
            line = take_line(message, name, slice_of(octets, at, len), line, role);
            if (line == 0)
                break;
        }
        at += line;
    }
    return at;
}

/* Whether header lines are those that are known. */
static bool
are_plain(const uint8_t *octets, size_t len, wsclose_slice plain)
{
    return plain.len > 0 && len >= plain.len && memcmp(octets, plain.data, plain.len) == 0;
}

/* The same as read_lines() of these. */
static size_t
pass_plain(wsclose_slice plain, size_t at, http1_message *message)
{
    const bool has_cr = plain.len >= 2 && plain.data[plain.len - 2] == '\r';

    message->head.complete = true;
    return at + plain.len - (has_cr ? 2 : 1);
}

bool
http1_is_plain(const http1_message *message)
{
    return !message->has_length && !message->length_invalid && !message->has_coding &&
           !message->head.upgrades;
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

http1_extent
http1_head_read(const uint8_t *octets, size_t len, wsclose_http1_role role, wsclose_slice plain,
                http1_message *out, size_t *end)
{
    const uint8_t *lf = memchr(octets, '\n', len);

    *out = (http1_message){ 0 };
    if (!lf)
        return wsclose_http1_begins(octets, len, role) ? HTTP1_EXTENT_PART : HTTP1_EXTENT_NONE;
    const size_t lines = (size_t)(lf - octets) + 1;
    if (!read_start_line(octets, lines - 1, role, &out->head))
        return HTTP1_EXTENT_NONE;
    const size_t at = are_plain(octets + lines, len - lines, plain)
                          ? pass_plain(plain, lines, out)
                          : read_lines(octets, lines, len, role, out);
    out->head.lines = slice_of(octets, lines, at);
    if (role == WSCLOSE_HTTP1_REQUESTS)
        out->head.kind = request_kind(&out->head);
    if (!out->head.complete)
        return HTTP1_EXTENT_PART;
    *end = octets[at] == '\n' ? at + 1 : at + 2;
    return HTTP1_EXTENT_WHOLE;
}

bool
wsclose_http1_header_next(wsclose_slice *lines, wsclose_slice *name, wsclose_slice *value)
{
    while (lines->len > 0) {
        const char *line = lines->data;
        const char *lf = memchr(line, '\n', lines->len);
        const size_t first = lf ? (size_t)(lf - line) : lines->len;
        const char *colon = memchr(line, ':', first);
        size_t end = lf ? folds_end((const uint8_t *)line, first + 1, lines->len) : 0;

        if (end == 0)
            end = lines->len;
        lines->data += end;
        lines->len -= end;
        if (!colon || is_blank(*line) || colon == line)
            continue; /* a fold of no line, or no header */
        *name = trimmed((wsclose_slice){ line, (size_t)(colon - line) });
        *value = trimmed((wsclose_slice){ colon + 1, end - (size_t)(colon + 1 - line) });
        return true;
    }
    return false;
}
