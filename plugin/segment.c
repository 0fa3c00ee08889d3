/* segment.c
 * The TCP header and payload of a packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "segment.h"

#include <epan/ipproto.h>

#include "sources.h"

/* How far into a packet an IP header is looked for: encapsulations are shorter. */
#define SEARCH_MAX 512

#define IPV4_SRC 12 /* the source address in its header; the other one stands behind it */
#define IPV6_SRC 8
#define IPV4_HEADER_MIN 20
#define IPV6_HEADER 40
#define TCP_HEADER_MIN 20

/* Octets of a packet. */
typedef struct {
    const uint8_t *octets;
    uint32_t captured;
    uint32_t reported; /* on the wire */
} packet_octets;

/* Where the header of TCP begins, and where its payload ends on the wire. */
typedef struct {
    uint32_t start;
    uint32_t end;
} tcp_place;

/* Where the IP header was in the packet before: packets of a capture are mostly alike. */
static uint32_t last_offset;

void
segment_reset(void)
{
    last_offset = 0;
}

static uint16_t
read_u16(const uint8_t *octets)
{
    return (uint16_t)(octets[0] << 8 | octets[1]);
}

static uint32_t
read_u32(const uint8_t *octets)
{
    return (uint32_t)read_u16(octets) << 16 | read_u16(octets + 2);
}

static inline bool
has_ports(const packet_octets *packet, uint32_t start, const packet_info *pinfo)
{
    return start + TCP_HEADER_MIN <= packet->captured &&
           read_u16(packet->octets + start) == pinfo->srcport &&
           read_u16(packet->octets + start + 2) == pinfo->destport;
}

/* Where a network card has cut segments after the packet was captured, the length is 0. */
static uint32_t
end_of(const packet_octets *packet, uint32_t offset, uint32_t length)
{
    return length == 0 ? packet->reported : offset + length;
}

/* A source route, or a routing header, names one of both ends elsewhere: one of them is enough. */
static inline bool
has_address(const uint8_t *source, const uint8_t *destination, const packet_info *pinfo)
{
    const size_t len = (size_t)pinfo->src.len;

    return memcmp(source, pinfo->src.data, len) == 0 ||
           memcmp(destination, pinfo->dst.data, len) == 0;
}

/* Pass over extension headers (RFC 8200 section 4); over IPv4 there may be one for authentication.
 * Returns where the header of TCP begins, 0 for nowhere. */
static uint32_t
skip_extensions(const packet_octets *packet, uint32_t at, uint8_t next)
{
    while (next != IP_PROTO_TCP) {
        if (at + 8 > packet->captured)
            return 0;
        const uint8_t *header = packet->octets + at;

        switch (next) {
        case IP_PROTO_HOPOPTS:
        case IP_PROTO_ROUTING:
        case IP_PROTO_DSTOPTS:
            at += (header[1] + 1u) * 8;
            break;
        case IP_PROTO_AH:
            at += (header[1] + 2u) * 4;
            break;
        case IP_PROTO_FRAGMENT:
            if ((read_u16(header + 2) & 0xFFF9) != 0)
                return 0;
            at += 8;
            break;
        default:
            return 0;
        }
        next = header[0];
    }
    return at;
}

/* RFC 791 section 3.1. */
static inline bool
find_in_ipv4(const packet_octets *packet, uint32_t offset, const packet_info *pinfo, tcp_place *out)
{
    const uint8_t *header = packet->octets + offset;

    if (offset + IPV4_HEADER_MIN > packet->captured || header[0] >> 4 != 4 ||
        (read_u16(header + 6) & 0x3FFF) != 0)
        return false;
    out->start = skip_extensions(packet, offset + (header[0] & 0xFu) * 4, header[9]);
    out->end = end_of(packet, offset, read_u16(header + 2));
    return out->start != 0 && has_ports(packet, out->start, pinfo);
}

/* RFC 8200 section 3. */
static bool
find_in_ipv6(const packet_octets *packet, uint32_t offset, const packet_info *pinfo, tcp_place *out)
{
    const uint8_t *header = packet->octets + offset;

    if (offset + IPV6_HEADER > packet->captured || header[0] >> 4 != 6)
        return false;
    const uint16_t length = read_u16(header + 4);
    out->start = skip_extensions(packet, offset + IPV6_HEADER, header[6]);
    out->end = end_of(packet, offset, length == 0 ? 0 : IPV6_HEADER + (uint32_t)length);
    return out->start != 0 && has_ports(packet, out->start, pinfo);
}

static bool
find_in_ip(const packet_octets *packet, uint32_t offset, const packet_info *pinfo, tcp_place *out)
{
    const bool is_ipv4 = pinfo->src.type == AT_IPv4;
    const uint32_t len = is_ipv4 ? 4 : 16;
    const uint32_t src = offset + (is_ipv4 ? IPV4_SRC : IPV6_SRC);

    if (!packet->octets || src + 2 * len > packet->captured ||
        !has_address(packet->octets + src, packet->octets + src + len, pinfo))
        return false;
    return is_ipv4 ? find_in_ipv4(packet, offset, pinfo, out)
                   : find_in_ipv6(packet, offset, pinfo, out);
}

static bool
has_ip_addresses(const packet_info *pinfo)
{
    return (pinfo->src.type == AT_IPv4 || pinfo->src.type == AT_IPv6) &&
           pinfo->dst.type == pinfo->src.type;
}

static packet_octets
octets_of(tvbuff_t *frame)
{
    const uint32_t captured = tvb_captured_length(frame);

    return (packet_octets){
        .octets = captured > 0 ? tvb_get_ptr(frame, 0, (int)captured) : NULL,
        .captured = captured,
        .reported = tvb_reported_length(frame),
    };
}

/* Wireshark's address of IPv4 points into the header that it was read from, that of IPv6 is a
 * copy. */
static inline bool
find_by_address(const packet_octets *packet, const packet_info *pinfo, tcp_place *out)
{
    const uintptr_t at = (uintptr_t)pinfo->src.data - (uintptr_t)packet->octets;

    return pinfo->src.type == AT_IPv4 && at >= IPV4_SRC && at < packet->captured &&
           find_in_ipv4(packet, (uint32_t)at - IPV4_SRC, pinfo, out);
}

static bool
search(const packet_octets *packet, const packet_info *pinfo, tcp_place *out)
{
    if (find_in_ip(packet, last_offset, pinfo, out))
        return true;
    for (uint32_t offset = 0; offset < MIN(packet->captured, SEARCH_MAX); offset++) {
        if (find_in_ip(packet, offset, pinfo, out)) {
            last_offset = offset;
            return true;
        }
    }
    return false;
}

static bool
find_in_octets(const packet_octets *packet, const packet_info *pinfo, tcp_place *out)
{
    return find_by_address(packet, pinfo, out) || search(packet, pinfo, out);
}

/* The same, where all of the segment lies within. */
static bool
find_whole_in_octets(const packet_octets *packet, const packet_info *pinfo, tcp_place *out)
{
    return find_in_octets(packet, pinfo, out) && out->end <= packet->reported;
}

static packet_octets
octets_in(wsclose_slice source)
{
    return (packet_octets){
        .octets = (const uint8_t *)source.data,
        .captured = (uint32_t)source.len,
        .reported = (uint32_t)source.len,
    };
}

/* What fragments of IP carry begins with the header of TCP, or with that of a tunnel. */
static bool
find_reassembled(const packet_info *pinfo, packet_octets *packet, tcp_place *out)
{
    sources_cursor cursor = sources_begin_with(pinfo, "Reassembled IPv");
    wsclose_slice source;

    while (sources_next(&cursor, &source)) {
        *packet = octets_in(source);
        *out = (tcp_place){ .start = 0, .end = packet->reported };
        if (has_ports(packet, 0, pinfo))
            return true;
    }
    return false;
}

/* Tunnels in fragments; links that are encrypted or compressed. */
static bool
find_elsewhere(const packet_info *pinfo, packet_octets *packet, tcp_place *out)
{
    sources_cursor cursor = sources_begin_with(pinfo, "");
    wsclose_slice source;

    while (sources_next(&cursor, &source)) {
        *packet = octets_in(source);
        if (find_whole_in_octets(packet, pinfo, out))
            return true;
    }
    return false;
}

/* A fragment that completes others may hold the header of what they all carry. */
static bool
find(const packet_info *pinfo, packet_octets *packet, tcp_place *out)
{
    const packet_octets frame = *packet;

    if (find_whole_in_octets(&frame, pinfo, out))
        return true;
    if (find_reassembled(pinfo, packet, out) || find_elsewhere(pinfo, packet, out))
        return true;
    *packet = frame;
    return find_in_octets(packet, pinfo, out);
}

/* RFC 9293 section 3.1. */
static bool
read_segment(const packet_octets *packet, const tcp_place *place, wsclose_packet *out)
{
    if (!packet->octets)
        return false;
    const uint8_t *header = packet->octets + place->start;
    const uint32_t payload = place->start + (header[12] >> 4) * 4u;
    const uint8_t flags = header[13];
    if (payload < place->start + TCP_HEADER_MIN || payload > place->end)
        return false;
    const size_t there =
        packet->captured > payload ? MIN(packet->captured, place->end) - payload : 0;
    out->segment = (wsclose_segment){
        .seq = read_u32(header + 4),
        .octets = there > 0 ? packet->octets + payload : NULL,
        .captured = there,
        .len = place->end - payload,
        .syn = (flags & 0x02) != 0,
        .fin = (flags & 0x01) != 0,
    };
    out->ack = read_u32(header + 8);
    out->has_ack = (flags & 0x10) != 0;
    out->rst = (flags & 0x04) != 0;
    return true;
}

bool
segment_find(tvbuff_t *frame, packet_info *pinfo, wsclose_packet *out)
{
    packet_octets packet = octets_of(frame);
    tcp_place place;

    /* As most packets are. */
    if (packet.octets && pinfo->dst.type == AT_IPv4 && find_by_address(&packet, pinfo, &place) &&
        place.end <= packet.reported)
        return read_segment(&packet, &place, out);
    if (!has_ip_addresses(pinfo) || !packet.octets)
        return false;
    return find(pinfo, &packet, &place) && read_segment(&packet, &place, out);
}
