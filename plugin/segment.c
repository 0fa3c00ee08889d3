/* segment.c
 * The TCP header and payload of a packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "segment.h"

#include <epan/ipproto.h>

#include "sources.h"

/* RFC 791 section 3.1, RFC 8200 section 3: where the source address is in the header. */
#define IPV4_SRC 12
#define IPV6_SRC 8

#define IPV4_HEADER_MIN 20
#define IPV6_HEADER 40
#define TCP_HEADER_MIN 20

/* How far into a packet an IP header is looked for where its place is not known. */
#define SEARCH_MAX 512

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

/* Where the last header of IP was that had to be searched for. */
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

/* RFC 791 section 3.1. */
static inline bool
find_in_ipv4(const packet_octets *packet, uint32_t offset, const packet_info *pinfo,
             tcp_place *out)
{
    const uint8_t *header = packet->octets + offset;

    if (offset + IPV4_HEADER_MIN > packet->captured || header[0] >> 4 != 4 ||
        header[9] != IP_PROTO_TCP || (read_u16(header + 6) & 0x3FFF) != 0)
        return false;
    out->start = offset + (header[0] & 0xFu) * 4;
    out->end = end_of(packet, offset, read_u16(header + 2));
    return has_ports(packet, out->start, pinfo);
}

/* Pass over extension headers (RFC 8200 section 4). Returns where the header of TCP begins, 0 for
 * nowhere. */
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

/* RFC 8200 section 3. */
static bool
find_in_ipv6(const packet_octets *packet, uint32_t offset, const packet_info *pinfo,
             tcp_place *out)
{
    const uint8_t *header = packet->octets + offset;

    if (offset + IPV6_HEADER > packet->captured || header[0] >> 4 != 6)
        return false;
    const uint16_t length = read_u16(header + 4);
    out->start = skip_extensions(packet, offset + IPV6_HEADER, header[6]);
    out->end = end_of(packet, offset, length == 0 ? 0 : IPV6_HEADER + (uint32_t)length);
    return out->start != 0 && has_ports(packet, out->start, pinfo);
}

static inline bool
has_ip_addresses(const packet_info *pinfo)
{
    return (pinfo->src.type == AT_IPv4 || pinfo->src.type == AT_IPv6) &&
           pinfo->dst.type == pinfo->src.type;
}

static packet_octets
octets_of(tvbuff_t *source)
{
    const uint32_t captured = tvb_captured_length(source);

    return (packet_octets){
        .octets = captured > 0 ? tvb_get_ptr(source, 0, (int)captured) : NULL,
        .captured = captured,
        .reported = tvb_reported_length(source),
    };
}

/* Whether both addresses stand one behind the other, as in a header of IP. */
static bool
has_addresses(const packet_octets *packet, uint32_t at, const packet_info *pinfo)
{
    const uint32_t len = (uint32_t)pinfo->src.len;

    return at + 2 * len <= packet->captured &&
           memcmp(packet->octets + at, pinfo->src.data, len) == 0 &&
           memcmp(packet->octets + at + len, pinfo->dst.data, len) == 0;
}

static bool
search(const packet_octets *packet, const packet_info *pinfo, tcp_place *out)
{
    const bool is_ipv4 = pinfo->src.type == AT_IPv4;
    const uint32_t before = is_ipv4 ? IPV4_SRC : IPV6_SRC;

    /* Packets of a capture are mostly alike. */
    for (uint32_t i = 0; i <= SEARCH_MAX; i++) {
        const uint32_t offset = i == 0 ? last_offset : i - 1;

        if (has_addresses(packet, offset + before, pinfo) &&
            (is_ipv4 ? find_in_ipv4(packet, offset, pinfo, out)
                     : find_in_ipv6(packet, offset, pinfo, out))) {
            last_offset = offset;
            return true;
        }
    }
    return false;
}

/* Find the IP header. Wireshark's address of IPv4 points to it, however deep in encapsulations it is;
 * that of IPv6 is a copy. */
static bool
find_in_ip(const packet_octets *packet, const packet_info *pinfo, tcp_place *out)
{
    const uintptr_t at = (uintptr_t)pinfo->src.data - (uintptr_t)packet->octets;

    if (pinfo->src.type == AT_IPv4 && at >= IPV4_SRC && at < packet->captured)
        return find_in_ipv4(packet, (uint32_t)at - IPV4_SRC, pinfo, out);
    return search(packet, pinfo, out);
}

/* Find it in another data source than the packet itself: where a lower layer was decrypted, or put
 * together again. */
static bool
find_in_sources(const packet_info *pinfo, packet_octets *packet, tcp_place *out)
{
    for (const GSList *entry = pinfo->data_src; entry; entry = entry->next) {
        *packet = octets_of(get_data_source_tvb(entry->data));
        if (find_in_ip(packet, pinfo, out))
            return true;
    }
    return false;
}

/* What fragments of IP carry is a data source of its own, from the header of TCP on. */
static bool
find_reassembled(const packet_info *pinfo, packet_octets *packet, tcp_place *out)
{
    tvbuff_t *source = sources_find(pinfo, "Reassembled IPv4");

    if (!source)
        source = sources_find(pinfo, "Reassembled IPv6");
    if (!source)
        return false;
    *packet = octets_of(source);
    *out = (tcp_place){.start = 0, .end = packet->reported};
    return has_ports(packet, 0, pinfo);
}

/* RFC 9293 section 3.1. */
static bool
read_segment(const packet_octets *packet, const tcp_place *place, wsclose_packet *out)
{
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

    if (!has_ip_addresses(pinfo))
        return false;
    return (find_in_ip(&packet, pinfo, &place) || find_reassembled(pinfo, &packet, &place) ||
            find_in_sources(pinfo, &packet, &place)) &&
           read_segment(&packet, &place, out);
}
