-- wsclose.lua - the short post-dissector that a user would write; run.py measures beside it
--
-- SPDX-License-Identifier: GPL-2.0-or-later

local proto = Proto("wsclose_lua", "WebSocket close (Lua)")
local code = ProtoField.uint16("wsclose_lua.code", "Status code")
local note = ProtoField.string("wsclose_lua.note", "Note")
proto.fields = { code, note }

local opcode = Field.new("websocket.opcode")
local length = Field.new("websocket.payload_length")
local status = Field.new("websocket.payload.close.status_code")

function proto.dissector(tvb, pinfo, tree)
    local opcodes = { opcode() }
    if #opcodes == 0 then
        return
    end
    local lengths, codes, next_code = { length() }, { status() }, 1
    for i, op in ipairs(opcodes) do
        if op.value == 8 then
            local subtree = tree:add(proto)
            if lengths[i].value == 0 then
                subtree:add(code, 1005):append_text(" (no status code present)")
            elseif codes[next_code] then
                local value = codes[next_code].value
                next_code = next_code + 1
                subtree:add(code, value)
                if value == 1010 then
                    subtree:add(note, "the client needs an extension that was not negotiated")
                end
            end
        end
    end
end

register_postdissector(proto)
