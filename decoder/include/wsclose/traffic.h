/* traffic.h
 * What each endpoint of a WebSocket connection sent, and when, as far as it can show why the
 * connection ends: frames, Pings without Pongs, messages, octets that TCP never acknowledged.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_TRAFFIC_H
#define WSCLOSE_TRAFFIC_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A place in the capture. A connection has several: no octets between. */
#if defined(__GNUC__)
#pragma pack(push, 4)
#endif
typedef struct {
    uint32_t number; /**< of the packet, from 1; 0 for nowhere */
    int64_t time;    /**< nanoseconds, from any fixed point */
} wsclose_moment;
#if defined(__GNUC__)
#pragma pack(pop)
#endif

/** The same where many are kept: the time counts from the first fact of the connection. */
typedef struct {
    uint32_t number;  /**< of the packet, from 1; 0 for nowhere */
    uint32_t elapsed; /**< milliseconds; UINT32_MAX for as many or more */
} wsclose_mark;

/** What is wrong with the content of a data message. */
typedef enum {
    WSCLOSE_CONTENT_FINE = 0,     /**< nothing, or it is not known */
    WSCLOSE_CONTENT_NOT_UTF8,     /**< a text that is not UTF-8 (RFC 6455 section 8.1) */
    WSCLOSE_CONTENT_NOT_INFLATED, /**< compressed data that cannot be inflated (RFC 7692 section
                                       7.2.2) */
    WSCLOSE_CONTENT_UNREAD,       /**< compressed data that nobody has tried to inflate, or not all
                                       of which was captured */
    WSCLOSE_CONTENT_UNCHECKED     /**< a text that nobody has looked at, or not at all of it */
} wsclose_content;

/** What one endpoint sent. Frames count until the end of the connection begins. */
typedef struct {
    wsclose_moment last;         /**< its last frame */
    wsclose_mark last_data;      /**< its last data frame */
    wsclose_mark ping;           /**< its oldest Ping that got no Pong so far */
    wsclose_mark unacknowledged; /**< the packet with the oldest octets that were sent again, and that
                                      its peer's TCP has not acknowledged so far */
    uint32_t longest_gap; /**< milliseconds: its longest silence between two of its frames, or
                                      between the opening handshake and the first of them */
    uint32_t ping_digest; /**< of the application data of its latest Ping */
    uint32_t message_len; /**< octets of payload of its latest message so far; UINT32_MAX for more */
    uint32_t provoked_in; /**< packet of its first breach since the last that was tolerated */
    uint32_t faulty_in;   /**< packet of the latest message whose content is not fine */
    uint16_t rtt_min;     /**< milliseconds until the Pong to a Ping of its came, the least; */
    uint16_t rtt_last;    /**< and the latest; UINT16_MAX where none came */
    uint8_t repeated;     /**< how often what is not acknowledged was sent again; 255 for more */
    uint8_t n_pings;      /**< Pings from that oldest one on; 255 for more */
    uint8_t n_breaches;   /**< frames that broke the protocol since provoked_in; 255 for more */
    wsclose_content content : 4; /**< of that message */
    bool compressed : 1;         /**< its latest message is */
    bool compressed_before : 1;  /**< and so was one before it */
    bool text : 1;               /**< its latest message is text */
    bool no_frames : 1; /**< that breach is text where a frame should begin; of a server that has
                                      not answered: octets where a response should */
    bool garbled : 1;   /**< a frame since then breaks several rules at once */
    bool got_close : 1; /**< its TCP has acknowledged its peer's Close frame */
} wsclose_traffic;

#ifdef __cplusplus
}
#endif

#endif
